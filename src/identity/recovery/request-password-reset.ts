import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { base64Url } from '../../kernel/core/index.ts';
import { MAIL_BUDGETS, takeMailOf } from '../../platform/mail/index.ts';
import { holdAddress, selectUser, type User, userIdOfEmail } from '../users/index.ts';
import { insertPasswordReset } from './recovery.queries.ts';
import { RESET_LINK_SECONDS } from './recovery.rules.ts';
import { passwordResetRequested } from './recovery.events.ts';

const TOKEN_BYTES = 32;

/** The context to which the encrypted address in the event is bound. */
const EMAIL_SEAL_CONTEXT = 'outbox.user.password_reset_requested';

/** The form in which a reset token is stored and looked up. */
export function hashResetToken(ctx: Pick<Ctx, 'hasher'>, token: string): Promise<string> {
  return ctx.hasher.hash('verification', `reset-password:${token}`);
}

/**
 * Requests a mail with a link for choosing a new password. Does the same work whether or not the address has an
 * account, so that neither the answer nor its time reveals it: the event's subscriber finds out. Above the budget of
 * mails for one mailbox it does nothing and answers the same.
 */
export async function requestPasswordReset(ctx: Ctx, email: string): Promise<void> {
  const hashedEmail = await ctx.hasher.hash('email', email);
  if (!(await takeMailOf(ctx, hashedEmail, MAIL_BUDGETS.accountMails)).admitted) return;
  const requested = await preparePasswordReset(ctx, email, hashedEmail);
  await ctx.commit({ scope: systemScope, write: () => [], events: [requested], result: undefined });
}

/** The event that sends a mail with a link for a new password, if the address has an account by then. */
export async function preparePasswordReset(ctx: Ctx, email: string, hashedEmail?: string) {
  const sealedEmail = await ctx.vault.encrypt(email, EMAIL_SEAL_CONTEXT);
  const key = `email:${hashedEmail ?? (await ctx.hasher.hash('email', email))}`;
  return passwordResetRequested.of({ sealedEmail }, { key });
}

/**
 * Creates the reset token, if the address has an account; null otherwise. Only the mail contains the token; its hash is
 * stored.
 */
export async function createPasswordReset(
  ctx: Ctx,
  sealedEmail: string,
): Promise<{ user: User; token: string } | null> {
  const email = await ctx.vault.decrypt(sealedEmail, EMAIL_SEAL_CONTEXT);
  const [[user]] = await ctx.read((q) => [selectUser(q, userIdOfEmail(email))], systemScope);
  if (!user) return null;
  const token = base64Url(ctx.ids.random(TOKEN_BYTES));
  const nowMs = ctx.clock.now();
  const row = {
    id: ctx.ids.create('verification'),
    identifier: await hashResetToken(ctx, token),
    value: user.id,
    createdAt: new Date(nowMs),
    updatedAt: new Date(nowMs),
    expiresAt: new Date(nowMs + RESET_LINK_SECONDS * 1000),
  };
  await ctx.commit({
    scope: systemScope,
    write: (q) => [holdAddress(q, user), insertPasswordReset(q, row)],
    result: undefined,
  });
  return { user, token };
}
