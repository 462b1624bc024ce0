import { and, eq, gt, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import { apiKeys } from '../../identity/api-keys/api-keys.tables.ts';
import { entitlementGrants } from '../../identity/entitlement-grants/entitlement-grants.tables.ts';
import { invitations } from '../../identity/invitations/invitations.tables.ts';
import { members } from '../../identity/members/members.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { aiGenerations } from '../../intelligence/generations/generations.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { storageTotals } from '../../media/storage/storage.tables.ts';
import { hourlyPhoneCalls, runningPhoneCalls } from '../../media/phone-calls/index.ts';
import { links } from '../../rooms/links/links.tables.ts';
import { RUNNING_STATES } from '../../media/recordings/index.ts';
import { recordings } from '../../media/recordings/recordings.tables.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';

const count = (rows: SQL) => sql<number>`(select count(*)::int ${rows})`;

/** Numbers of running things of an organization, as the limits count them. */
const countRunning = (organizationId: string, now: Date) => ({
  running_recordings: count(sql`from ${recordings} where ${recordings.organizationId} = ${organizationId}
    and ${inArray(recordings.state, [...RUNNING_STATES])}`),
  running_phone_calls: count(sql`from (${runningPhoneCalls(organizationId)}) called`),
  hourly_phone_calls: count(sql`from (${hourlyPhoneCalls(organizationId, now)}) called`),
  running_generations:
    count(sql`from ${aiGenerations} where ${aiGenerations.organizationId} = ${organizationId}
    and ${aiGenerations.status} = 'running' and not ${aiGenerations.ownKey}`),
});

/** The plan of an organization, and its numbers of things, as the limits count them. */
export function selectPlanAndUse(q: Queries, organizationId: string, now: Date) {
  const moment = sql`${now.toISOString()}::timestamptz`;
  return q
    .select({
      plan: organizations.plan,
      planVersion: organizations.planVersion,
      trialEndsAt: organizations.trialEndsAt,
      seats: organizations.seats,
      limits: organizations.limits,
      members: count(
        sql`from ${members} where ${members.organizationId} = ${organizationId} and ${members.status} = 'active'`,
      ),
      pending_invitations:
        count(sql`from ${invitations} where ${invitations.organizationId} = ${organizationId}
        and ${invitations.status} = 'pending' and ${invitations.expiresAt} > ${moment}`),
      api_keys:
        count(sql`from ${apiKeys} where ${apiKeys.organizationId} = ${organizationId} and ${apiKeys.revokedAt} is null
        and (${apiKeys.expiresAt} is null or ${apiKeys.expiresAt} > ${moment})`),
      rooms:
        count(sql`from ${rooms} where ${rooms.organizationId} = ${organizationId} and ${rooms.deletedAt} is null
        and ${rooms.parentRoomId} is null and not ${rooms.direct}`),
      links:
        count(sql`from ${links} join ${rooms} on ${rooms.id} = ${links.roomId} where ${links.organizationId} = ${organizationId}
        and ${links.deletedAt} is null and ${rooms.deletedAt} is null and ${links.isActive}
        and (${links.expiresAt} is null or ${links.expiresAt} > ${moment})`),
      ...countRunning(organizationId, now),
      memories: sql<number>`count_memories(${organizationId})`.mapWith(Number),
      files: sql<number>`coalesce(${storageTotals.files}, 0)`.mapWith(Number),
      storage_bytes: sql<number>`coalesce(${storageTotals.sizeBytes}, 0)`.mapWith(Number),
    })
    .from(organizations)
    .leftJoin(storageTotals, eq(storageTotals.organizationId, organizations.id))
    .where(and(eq(organizations.id, organizationId), isNull(organizations.deletedAt)));
}

/** The plan of an organization, the end of its trial, and the limits of its row; no row once it is deleted. */
export const selectPlan = (q: Queries, organizationId: string) =>
  q
    .select({
      plan: organizations.plan,
      planVersion: organizations.planVersion,
      trialEndsAt: organizations.trialEndsAt,
      seats: organizations.seats,
      limits: organizations.limits,
    })
    .from(organizations)
    .where(and(eq(organizations.id, organizationId), isNull(organizations.deletedAt)));

/** Whether an operator set the number of members of an organization, so that seats are not counted. */
export function selectMembersSet(q: Queries, organizationId: string, now: Date) {
  const granted = q
    .select({ id: entitlementGrants.id })
    .from(entitlementGrants)
    .where(
      and(
        eq(entitlementGrants.organizationId, organizationId),
        eq(entitlementGrants.kind, 'limit'),
        eq(entitlementGrants.name, 'members'),
        isNull(entitlementGrants.revokedAt),
        or(isNull(entitlementGrants.endsAt), gt(entitlementGrants.endsAt, now)),
      ),
    );
  return q
    .select({ isSet: sql<boolean>`${organizations.limits} ? 'members' or exists ${granted}` })
    .from(organizations)
    .where(eq(organizations.id, organizationId));
}
