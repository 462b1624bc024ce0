import { type Ctx, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { revokeApiKeysOfUser } from '../api-keys/index.ts';
import { revokeInvitationsOfUser } from '../invitations/index.ts';
import { auditedOrganization, selectActiveMemberships } from '../members/index.ts';
import { deletePasswordResetsOfUser, preparePasswordReset } from '../recovery/index.ts';
import { revokeSessionsOfUser } from '../sessions/index.ts';
import { clearPassword, signInErrors } from '../sign-in/index.ts';
import { accountSecured, changeUser, selectUser, type User } from '../users/index.ts';
import { emailChangeErrors } from './email-changes.errors.ts';
import {
  consumeEmailChange,
  deleteChangesSince,
  selectEmailChange,
  userIdOfChange,
} from './email-changes.queries.ts';
import { type EmailChange, isStoppable } from './email-changes.rules.ts';
import { verifyEmailChangeToken } from './email-change-tokens.ts';

/** @throws AppError `accounts.email_change_invalid` */
async function readStoppable(ctx: Ctx, changeId: string) {
  const userId = userIdOfChange(changeId);
  const [[change], [user], memberships] = await ctx.read(
    (q) => [selectEmailChange(q, changeId), selectUser(q, userId), selectActiveMemberships(q, userId)],
    systemScope,
  );
  if (!change || !user || !isStoppable(change, ctx.clock.now())) throw emailChangeErrors.emailChangeInvalid();
  return { change, user, organizationId: auditedOrganization(memberships, null) };
}

/** Ends what a person can have with the password that they knew when they requested the change. */
const secureAccount = (q: Queries, userId: string, { createdAt }: EmailChange, now: Date): Statement[] => [
  clearPassword(q, userId, now),
  deletePasswordResetsOfUser(q, userId),
  revokeSessionsOfUser(q, userId, 'email_change_stopped', now),
  revokeApiKeysOfUser(q, userId, now, createdAt),
  revokeInvitationsOfUser(q, userId, now, createdAt),
];

const restoreAddress = (q: Queries, user: User, { oldEmail }: EmailChange, now: Date): Statement[] =>
  user.email === oldEmail
    ? []
    : [changeUser(q, user, { email: oldEmail, emailVerified: true, updatedAt: now })];

/**
 * Stops a change of the address, or undoes one that was confirmed, with the token mailed to the old address. The requester
 * knew the password: the password, all sessions, and the API keys and invitations made since the request end. A mail with
 * a link for a new password follows.
 * @throws AppError `accounts.email_change_invalid`; `accounts.email_taken` when the owner of the mailbox has used the old
 * address for another account since
 */
export async function stopEmailChange(ctx: Ctx, token: string): Promise<void> {
  const changeId = await verifyEmailChangeToken(ctx, token, 'stop');
  const { change, user, organizationId } = await readStoppable(ctx, changeId);
  const { id: userId } = user;
  const now = new Date(ctx.clock.now());
  const resetRequested = await preparePasswordReset(ctx, change.oldEmail);
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [
      consumeEmailChange(q, change),
      deleteChangesSince(q, userId, change.createdAt),
      ...restoreAddress(q, user, change, now),
      ...secureAccount(q, userId, change, now),
    ],
    audit: organizationId
      ? [
          {
            action: 'user.email_change_stopped',
            severity: 'warning',
            target: { type: 'user', id: userId },
            before: { email: user.email },
            after: { email: change.oldEmail },
          },
        ]
      : [],
    events: [accountSecured.of({ userId }), resetRequested],
    conflicts: { users_email_key: signInErrors.emailTaken },
    result: undefined,
  });
}
