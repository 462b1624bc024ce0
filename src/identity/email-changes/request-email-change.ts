import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { requestErrors, serverErrors } from '../../kernel/core/index.ts';
import { MAIL_BUDGETS, takeMailOf } from '../../platform/mail/index.ts';
import { holdCurrentPassword, readOwnAccount, requireCurrentPassword } from '../sign-in/index.ts';
import type { User } from '../users/index.ts';
import { emailChangeErrors } from './email-changes.errors.ts';
import { emailChangeRequested } from './email-changes.events.ts';
import { deleteRequestedChanges, insertEmailChange } from './email-changes.queries.ts';
import { CONFIRM_SECONDS, type EmailChange } from './email-changes.rules.ts';
import type { RequestEmailChange } from './email-changes.schemas.ts';

/** Counts a request for the user and for the new mailbox, whether or not it has an account. */
async function takeChangeMails(ctx: Ctx, userId: string, newEmail: string): Promise<void> {
  const { hasher } = ctx;
  const counted = await Promise.all([hasher.hash('mails', userId), hasher.hash('email', newEmail)]);
  for (const hash of counted) {
    const { admitted, degraded, resetSeconds, cause } = await takeMailOf(
      ctx,
      hash,
      MAIL_BUDGETS.emailChanges,
    );
    if (admitted) continue;
    const retryAfterSeconds = resetSeconds;
    if (degraded) throw serverErrors.unavailable({ retryAfterSeconds, cause });
    throw emailChangeErrors.tooManyEmailChanges({ retryAfterSeconds });
  }
}

function buildEmailChange(ctx: Ctx, user: User, newEmail: string): EmailChange {
  const nowMs = ctx.clock.now();
  return {
    id: ctx.ids.create('emailChange'),
    userId: user.id,
    oldEmail: user.email,
    oldEmailVerified: user.emailVerified,
    newEmail,
    createdAt: new Date(nowMs),
    updatedAt: new Date(nowMs),
    expiresAt: new Date(nowMs + CONFIRM_SECONDS * 1000),
    confirmedAt: null,
  };
}

/**
 * Requests a change of the caller's address, in place of an earlier request. Mails to the new and the old address follow; does
 * the same work whether or not the new address has an account, so that neither the answer nor its time reveals it.
 * @throws AppError `accounts.wrong_password`, also for a user without a password; `request.invalid` for the address that the
 * user has; `accounts.too_many_email_changes`, `accounts.session_ended`, `accounts.user_not_found`, `server.unavailable`
 */
export async function requestEmailChange(
  ctx: Ctx,
  { newEmail, currentPassword }: RequestEmailChange,
): Promise<void> {
  const [account] = await readOwnAccount(ctx);
  const credential = await requireCurrentPassword(ctx, account, currentPassword);
  const { user, organizationId } = account;
  const userId = user.id;
  if (newEmail === user.email)
    throw requestErrors.invalid({ errors: [{ pointer: '/newEmail', message: 'must be another address' }] });
  await takeChangeMails(ctx, userId, newEmail);

  const change = buildEmailChange(ctx, user, newEmail);
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [
      holdCurrentPassword(q, credential),
      deleteRequestedChanges(q, userId),
      insertEmailChange(q, change),
    ],
    audit: organizationId
      ? [{ action: 'user.email_change_requested', severity: 'warning', target: { type: 'user', id: userId } }]
      : [],
    events: [emailChangeRequested.of({ userId, emailChangeId: change.id })],
    result: undefined,
  });
}
