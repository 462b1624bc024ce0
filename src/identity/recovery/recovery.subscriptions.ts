import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { type Delivery, subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { MAIL_BUDGETS, type MailContent, renderMail, takeMailOf } from '../../platform/mail/index.ts';
import { passwordChanged, selectUser, signUpRepeated, userSignedUp } from '../users/index.ts';
import {
  passwordChangedMail,
  passwordResetMail,
  signUpRepeatedMail,
  verificationMail,
} from './mails.rules.ts';
import { passwordResetRequested, verificationRequested } from './recovery.events.ts';
import { createPasswordReset } from './request-password-reset.ts';
import { createVerificationToken } from './verify-email.ts';

async function sendVerificationMail(
  ctx: Ctx,
  { userId }: { userId: string },
  { id }: Delivery,
): Promise<void> {
  const [[user]] = await ctx.read((q) => [selectUser(q, userId)], systemScope);
  if (!user || user.emailVerified) return;
  const content = verificationMail(ctx.config.APP_URL, user.name, await createVerificationToken(ctx, user));
  await ctx.ports.mailer.send({ to: user.email, ...renderMail(content), idempotencyKey: id }, ctx.trace);
}

/** A second attempt creates a second token; each of them is valid until the password changes. */
async function sendPasswordResetMail(
  ctx: Ctx,
  { sealedEmail }: { sealedEmail: string },
  { id }: Delivery,
): Promise<void> {
  const reset = await createPasswordReset(ctx, sealedEmail);
  if (!reset) return;
  const { user, token } = reset;
  const content = passwordResetMail(ctx.config.APP_URL, user.name, token);
  await ctx.ports.mailer.send({ to: user.email, ...renderMail(content), idempotencyKey: id }, ctx.trace);
}

/** A subscriber that sends a user a notice about their account; above the budget of their mailbox it sends nothing. */
const sendNotice =
  (budget: (typeof MAIL_BUDGETS)['passwordNotices' | 'accountMails'], write: (name: string) => MailContent) =>
  async (ctx: Ctx, { userId }: { userId: string }, { id }: Delivery): Promise<void> => {
    const [[user]] = await ctx.read((q) => [selectUser(q, userId)], systemScope);
    if (!user) return;
    const mailbox = await ctx.hasher.hash('mails', userId);
    if (!(await takeMailOf(ctx, mailbox, budget)).admitted) return;
    const mail = renderMail(write(user.name));
    await ctx.ports.mailer.send({ to: user.email, ...mail, idempotencyKey: id }, ctx.trace);
  };

const sendPasswordChangedMail = sendNotice(MAIL_BUDGETS.passwordNotices, passwordChangedMail);
const sendSignUpRepeatedMail = sendNotice(MAIL_BUDGETS.accountMails, signUpRepeatedMail);

export const recoverySubscriptions: readonly Subscription[] = [
  subscribe([userSignedUp, verificationRequested], 'recovery.send-verification-mail', sendVerificationMail),
  subscribe(passwordResetRequested, 'recovery.send-password-reset-mail', sendPasswordResetMail),
  subscribe(passwordChanged, 'recovery.send-password-changed-mail', sendPasswordChangedMail),
  subscribe(signUpRepeated, 'recovery.send-sign-up-repeated-mail', sendSignUpRepeatedMail),
];
