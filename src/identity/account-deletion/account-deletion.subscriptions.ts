import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { type Delivery, subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import {
  MAIL_BUDGETS,
  type MailContent,
  renderMail,
  takeMailOf,
  toDisplayText,
} from '../../platform/mail/index.ts';
import { selectUser } from '../users/index.ts';
import { deletionRequested } from './account-deletion.events.ts';

const deletionMail = (name: string, deletesAt: Date): MailContent => ({
  subject: 'Your account will be deleted',
  paragraphs: [
    `Hello ${toDisplayText(name)},`,
    `You requested the deletion of your account. It will be erased on ${deletesAt.toISOString().slice(0, 10)}; you are signed out on all devices.`,
    'To keep it, sign in before that day and restore it. If you did not request this, restore it and choose a new password at once.',
  ],
});

/** Sends nothing when the account was restored in between, nor above the budget of the mailbox. */
async function sendDeletionMail(ctx: Ctx, { userId }: { userId: string }, { id }: Delivery): Promise<void> {
  const [[user]] = await ctx.read((q) => [selectUser(q, userId)], systemScope);
  if (!user?.deletesAt) return;
  const mailbox = await ctx.hasher.hash('mails', userId);
  if (!(await takeMailOf(ctx, mailbox, MAIL_BUDGETS.passwordNotices)).admitted) return;
  const mail = renderMail(deletionMail(user.name, user.deletesAt));
  await ctx.ports.mailer.send({ to: user.email, ...mail, idempotencyKey: id }, ctx.trace);
}

export const accountDeletionSubscriptions: readonly Subscription[] = [
  subscribe(deletionRequested, 'account-deletion.send-mail', sendDeletionMail),
];
