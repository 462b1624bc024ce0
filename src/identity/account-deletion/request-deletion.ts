import { type Ctx, requireSession, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { deleteRequestedChanges } from '../email-changes/index.ts';
import { revokeInvitationsOfUser } from '../invitations/index.ts';
import { auditedOrganization, selectActiveMemberships } from '../members/index.ts';
import {
  requireActiveSession,
  revokeSessionsOfUser,
  selectActiveSessionIds,
  selectSession,
  sessionEnded,
} from '../sessions/index.ts';
import { requireCurrentPassword, selectCredentials } from '../sign-in/index.ts';
import { changeUser, selectUser, type User, userErrors } from '../users/index.ts';
import { accountDeletionErrors } from './account-deletion.errors.ts';
import { deletionRequested } from './account-deletion.events.ts';
import { lockOwned, mustOwnNoneAlone, selectSoleOwned } from './account-deletion.queries.ts';
import { deletionDate } from './account-deletion.rules.ts';

const MAX_NAMED = 20;

async function readAccount(ctx: Ctx, now: Date) {
  const { userId, sessionId } = requireSession(ctx);
  const [[user], credentials, [session], memberships, soleOwned, openSessions] = await ctx.read(
    (q) => [
      selectUser(q, userId),
      selectCredentials(q, userId),
      selectSession(q, userId, sessionId),
      selectActiveMemberships(q, userId),
      selectSoleOwned(q, userId, MAX_NAMED),
      selectActiveSessionIds(q, userId, now),
    ],
    systemScope,
  );
  requireActiveSession(session, now.getTime());
  if (!user) throw userErrors.userNotFound();
  return { user, credentials, memberships, soleOwned, openSessions };
}

function requireNoSoleOwnership(soleOwned: readonly { id: string; name: string }[]): void {
  if (soleOwned.length === 0) return;
  const names = soleOwned.map(({ id, name }) => `${name} (${id})`).join(', ');
  throw accountDeletionErrors.soleOwner({ detail: `transfer or delete first: ${names}` });
}

/** The user's row comes first: a log-in at the same moment is before it, and its session ends, or after it, and is refused. */
const scheduleDeletion = (q: Queries, user: User, deletesAt: Date, now: Date): Statement[] => [
  lockOwned(q, user.id),
  changeUser(q, user, { deletesAt, updatedAt: now }),
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
  const { userId, sessionId, organizationId: credentialOrganizationId } = requireSession(ctx);
  const now = new Date(ctx.clock.now());
  const { user, credentials, memberships, soleOwned, openSessions } = await readAccount(ctx, now);
  await requireCurrentPassword(ctx, user, credentials, currentPassword, sessionId);
  requireNoSoleOwnership(soleOwned);

  const deletesAt = deletionDate(now.getTime());
  const organizationId = auditedOrganization(memberships, credentialOrganizationId);
  return ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => scheduleDeletion(q, user, deletesAt, now),
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
