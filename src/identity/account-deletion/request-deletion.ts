import { type Ctx, requireSession, systemScopeOf } from '../../kernel/context/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { deleteRequestedChanges } from '../email-changes/index.ts';
import { revokeInvitationsOfUser } from '../invitations/index.ts';
import { revokeSessionsOfUser, selectActiveSessionIds, sessionEnded } from '../sessions/index.ts';
import {
  type PasswordCredential,
  holdCurrentPassword,
  readOwnAccount,
  requireCurrentPassword,
} from '../sign-in/index.ts';
import { changeUser, type User } from '../users/index.ts';
import { accountDeletionErrors } from './account-deletion.errors.ts';
import { deletionRequested } from './account-deletion.events.ts';
import { lockOwned, mustOwnNoneAlone, selectSoleOwned } from './account-deletion.queries.ts';
import { deletionDate } from './account-deletion.rules.ts';

const MAX_NAMED = 20;

function requireNoSoleOwnership(soleOwned: readonly { id: string; name: string }[]): void {
  if (soleOwned.length === 0) return;
  const names = soleOwned.map(({ id, name }) => `${name} (${id})`).join(', ');
  throw accountDeletionErrors.soleOwner({ detail: `transfer or delete first: ${names}` });
}

/** The user's row comes first: a log-in at the same moment is before it, and its session ends, or after it, and is refused. */
const scheduleDeletion = (
  q: Queries,
  { user, credential }: { user: User; credential: PasswordCredential },
  deletesAt: Date,
  now: Date,
): Statement[] => [
  lockOwned(q, user.id),
  changeUser(q, user, { deletesAt, updatedAt: now }),
  holdCurrentPassword(q, credential),
  mustOwnNoneAlone(q, user.id),
  revokeSessionsOfUser(q, user.id, 'account_deletion', now),
  revokeInvitationsOfUser(q, user.id, now),
  deleteRequestedChanges(q, user.id),
];

/**
 * Schedules the deletion of the caller's account: all sessions, and the invitations that the user has made, end at once; what the
 * account consists of is erased when the grace time is over, unless the user restores it before.
 * @returns when it is erased
 * @throws AppError `accounts.wrong_password`, also for a user without a password; `accounts.sole_owner`,
 * `accounts.session_ended`, `accounts.user_not_found`, `server.unavailable`
 */
export async function requestDeletion(ctx: Ctx, currentPassword: string): Promise<Date> {
  const { userId } = requireSession(ctx);
  const now = new Date(ctx.clock.now());
  const [account, soleOwned, openSessions] = await readOwnAccount(ctx, (q) => [
    selectSoleOwned(q, userId, MAX_NAMED),
    selectActiveSessionIds(q, userId, now),
  ]);
  const credential = await requireCurrentPassword(ctx, account, currentPassword);
  requireNoSoleOwnership(soleOwned);

  const deletesAt = deletionDate(now.getTime());
  const { user, organizationId } = account;
  return ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => scheduleDeletion(q, { user, credential }, deletesAt, now),
    audit: organizationId
      ? [
          {
            action: 'user.deletion_requested',
            severity: 'warning',
            target: { type: 'user', id: userId },
            after: { deletesAt },
          },
        ]
      : [],
    events: [
      deletionRequested.of({ userId }),
      ...openSessions.map(({ id }) => sessionEnded.of({ userId, sessionId: id })),
    ],
    result: deletesAt,
  });
}
