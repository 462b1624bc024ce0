import { and, desc, eq, gte, isNull, lte, sql } from 'drizzle-orm';
import { type ErrorFactory, type PageRange, requestErrors } from '../../kernel/core/index.ts';
import {
  mustChange,
  type Queries,
  inOrder,
  isInRange,
  isUnchanged,
  changeVersioned,
} from '../../kernel/db/index.ts';
import { apiKeys } from '../api-keys/api-keys.tables.ts';
import { members } from '../members/members.tables.ts';
import { users } from '../users/users.tables.ts';
import { organizations } from '../organizations/organizations.tables.ts';
import { invitationErrors } from './invitations.errors.ts';
import type { Inviter } from './invitations.rules.ts';
import { invitations } from './invitations.tables.ts';

export type InvitationRow = typeof invitations.$inferSelect;

/** One row more than `limit`, which shows whether there is a next page. */
export function selectInvitations(q: Queries, organizationId: string, range: PageRange) {
  return q
    .select()
    .from(invitations)
    .where(and(eq(invitations.organizationId, organizationId), isInRange(invitations.id, range)))
    .orderBy(inOrder(invitations.id, range))
    .limit(range.limit + 1);
}

export function selectInvitation(q: Queries, organizationId: string, invitationId: string) {
  return q
    .select()
    .from(invitations)
    .where(and(eq(invitations.organizationId, organizationId), eq(invitations.id, invitationId)));
}

/** The newest invitation of an address, with any status. */
export function selectLastInvitationTo(q: Queries, organizationId: string, email: string) {
  return q
    .select({ status: invitations.status, createdAt: invitations.createdAt })
    .from(invitations)
    .where(and(eq(invitations.organizationId, organizationId), eq(sql`lower(${invitations.email})`, email)))
    .orderBy(desc(invitations.id))
    .limit(1);
}

/** The organization's settings; none when it is deleted. */
export function selectInvitationSettings(q: Queries, organizationId: string) {
  return q
    .select({ settings: organizations.settings })
    .from(organizations)
    .where(and(eq(organizations.id, organizationId), isNull(organizations.deletedAt)));
}

/**
 * Whether somebody answers for the mails of the actor: the user has proven their address; for an API key, an owner of its
 * organization has.
 */
export function selectInviterProof(q: Queries, organizationId: string, userId: string | null) {
  const isInviter =
    userId === null
      ? and(eq(members.organizationId, organizationId), eq(members.role, 'owner'))
      : and(eq(members.organizationId, organizationId), eq(members.userId, userId));
  return q
    .select({ userId: members.userId })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(isInviter, eq(members.status, 'active'), eq(users.emailVerified, true)))
    .limit(1);
}

const selectInvitationsWithNames = (q: Queries) =>
  q
    .select({
      invitation: invitations,
      organization: {
        name: organizations.name,
        plan: organizations.plan,
        settings: organizations.settings,
      },
      inviterName: users.name,
      member: members,
      key: apiKeys,
    })
    .from(invitations)
    .innerJoin(
      organizations,
      and(eq(organizations.id, invitations.organizationId), isNull(organizations.deletedAt)),
    )
    .leftJoin(users, eq(users.id, invitations.invitedBy))
    .leftJoin(
      members,
      and(eq(members.organizationId, invitations.organizationId), eq(members.userId, invitations.invitedBy)),
    )
    .leftJoin(
      apiKeys,
      and(eq(apiKeys.organizationId, invitations.organizationId), eq(apiKeys.id, invitations.invitedByKey)),
    );

/** The invitation with the names its mail mentions, and its inviter as they are now. */
export function selectInvitationForMail(q: Queries, organizationId: string, invitationId: string) {
  return selectInvitationsWithNames(q).where(
    and(eq(invitations.organizationId, organizationId), eq(invitations.id, invitationId)),
  );
}

/** The invitation of a token, in whichever organization; none when that is deleted. */
export function selectInvitationByToken(q: Queries, tokenHash: string) {
  return selectInvitationsWithNames(q).where(eq(invitations.tokenHash, tokenHash));
}

/** The user with the invited address, if there is one. */
export function selectInvitedUser(q: Queries, tokenHash: string) {
  return q
    .select({ id: users.id })
    .from(invitations)
    .innerJoin(users, eq(sql`lower(${users.email})`, sql`lower(${invitations.email})`))
    .where(eq(invitations.tokenHash, tokenHash));
}

export function insertInvitation(q: Queries, row: typeof invitations.$inferInsert) {
  return q.insert(invitations).values(row);
}

/** Revokes an expired invitation of the address, so that a new one can be created. */
export function revokeExpiredInvitation(q: Queries, organizationId: string, email: string, now: Date) {
  return q
    .update(invitations)
    .set({ status: 'revoked', updatedAt: now, version: sql`${invitations.version} + 1` })
    .where(
      and(
        eq(invitations.organizationId, organizationId),
        eq(sql`lower(${invitations.email})`, email),
        eq(invitations.status, 'pending'),
        lte(invitations.expiresAt, now),
      ),
    );
}

/**
 * Revokes all pending invitations that a user has made, in whichever organization.
 * @param since only those that were made or resent since then
 */
export function revokeInvitationsOfUser(q: Queries, userId: string, now: Date, since?: Date) {
  return q
    .update(invitations)
    .set({ status: 'revoked', updatedAt: now, version: sql`${invitations.version} + 1` })
    .where(
      and(
        eq(invitations.invitedBy, userId),
        eq(invitations.status, 'pending'),
        since && gte(invitations.updatedAt, since),
      ),
    );
}

/** Deletes the invitations that a user has accepted: they hold an address of that person. */
export function deleteAcceptedInvitations(q: Queries, userId: string) {
  return q.delete(invitations).where(eq(invitations.acceptedBy, userId));
}

/** Changes a pending row that still has the version that was read; otherwise the commit fails with `error`. */
export function changeInvitation(
  q: Queries,
  row: InvitationRow,
  set: Partial<InvitationRow>,
  error: ErrorFactory = requestErrors.stale,
) {
  return changeVersioned(q, invitations, row, set, {
    condition: eq(invitations.status, 'pending'),
    error,
  });
}

/** Marks the invitation as accepted; the commit fails with `invitations.overtaken` when another change was first. */
export function markAccepted(q: Queries, row: InvitationRow, acceptedBy: string, now: Date) {
  return changeInvitation(
    q,
    row,
    { status: 'accepted', acceptedBy, updatedAt: now },
    invitationErrors.overtaken,
  );
}

/**
 * Locks the membership or key that was read, so that the inviter loses no authority before the end of the commit; the
 * commit fails with `invitations.overtaken` when it has changed.
 */
export function holdInviter(q: Queries, { member, key }: Inviter) {
  const held = member
    ? q.select({ id: members.id }).from(members).where(isUnchanged(members, member)).for('share')
    : q
        .select({ id: apiKeys.id })
        .from(apiKeys)
        .where(and(eq(apiKeys.id, key?.id ?? ''), eq(apiKeys.version, key?.version ?? 0)))
        .for('share');
  return mustChange(q, held, invitationErrors.overtaken);
}
