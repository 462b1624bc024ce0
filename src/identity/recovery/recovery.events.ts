import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { defineSubscription, type Delivery, type Subscription } from '../../kernel/events/index.ts';
import { renderMail } from '../../platform/mail/index.ts';
import { selectUser, userEventSchema } from '../users/index.ts';
import { passwordChangedMail, passwordResetMail, verificationMail } from './mails.rules.ts';
import { passwordResetEventSchema } from './recovery.schemas.ts';
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

async function sendPasswordChangedMail(
  ctx: Ctx,
  { userId }: { userId: string },
  { id }: Delivery,
): Promise<void> {
  const [[user]] = await ctx.read((q) => [selectUser(q, userId)], systemScope);
  if (!user) return;
  const content = passwordChangedMail(user.name);
  await ctx.ports.mailer.send({ to: user.email, ...renderMail(content), idempotencyKey: id }, ctx.trace);
}

export const recoverySubscriptions: readonly Subscription[] = [
  defineSubscription({ type: 'user.signed_up', payload: userEventSchema, handle: sendVerificationMail }),
  defineSubscription({
    type: 'user.verification_requested',
    payload: userEventSchema,
    handle: sendVerificationMail,
  }),
  defineSubscription({
    type: 'user.password_reset_requested',
    payload: passwordResetEventSchema,
    handle: sendPasswordResetMail,
  }),
  defineSubscription({
    type: 'user.password_changed',
    payload: userEventSchema,
    handle: sendPasswordChangedMail,
  }),
  defineSubscription({ type: 'user.updated', payload: userEventSchema }),
  defineSubscription({ type: 'user.email_verified', payload: userEventSchema }),
];
