import {
  and,
  eq,
  exists,
  gte,
  inArray,
  isNotNull,
  isNull,
  lte,
  ne,
  not,
  notExists,
  notInArray,
  or,
  type SQL,
  sql,
} from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { callParticipants, calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import { seatsTakenByOthers, UNCOUNTED_ROLES } from '../../calls/calls/index.ts';
import type { ReportedConnection } from '../../calls/connections/index.ts';
import { scopesPermitting } from '../../identity/api-keys/index.ts';
import { apiKeys } from '../../identity/api-keys/api-keys.tables.ts';
import { members } from '../../identity/members/members.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { sessions } from '../../identity/sessions/sessions.tables.ts';
import type { PermissionGrant } from '../../kernel/core/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { lacksRecordingConsent } from '../recording-consents/index.ts';
import { roomPeople, rooms } from '../rooms/rooms.tables.ts';

/** How long a participant whose connection broke keeps their seat; see `count-seats.sql`. */
const RECONNECTION_MS = 30_000;

/**
 * The condition that a participant comes with a token whose seat is no longer reserved, while others have all seats: a
 * cluster renews the tokens of people who are connected, and these outlive the seat. Participants who are known to be
 * connected already, or to have been until a moment ago, have theirs. Roles and rooms as in `seatLimitOf`.
 */
function isLateArrival(now: Date): SQL | undefined {
  const { role, identity, status, seatUntil, leftAt } = callParticipants;
  const isSureOfSeat = and(
    eq(role, 'host'),
    or(ne(rooms.type, 'one_to_one'), eq(rooms.createdBy, identity)),
  )!;
  return and(
    notInArray(role, [...UNCOUNTED_ROLES]),
    not(isSureOfSeat),
    or(isNull(seatUntil), lte(seatUntil, now)),
    ne(status, 'connected'),
    or(ne(status, 'disconnected'), lte(leftAt, new Date(now.getTime() - RECONNECTION_MS))),
    gte(seatsTakenByOthers(callParticipants, now), rooms.capacity),
  );
}

/** The condition that an API key lacks a permission. */
const lacksPermission = (permission: PermissionGrant): SQL =>
  sql`not ${apiKeys.scopes} ?| ${sql.param(scopesPermitting(permission))}::text[]`;

/** The condition that an API key was revoked, or may no longer join in the role of the participant. */
const mayKeyNotJoin = (): SQL | undefined =>
  or(
    isNotNull(apiKeys.revokedAt),
    lacksPermission('rooms:join'),
    and(inArray(callParticipants.role, [...UNCOUNTED_ROLES]), lacksPermission('rooms:observe')),
  );

/** The condition that the session or the API key with which a participant got the last token was ended. */
function isCredentialEnded(q: Queries): SQL | undefined {
  const one = { one: sql`1` };
  const isOfSeat = (id: PgColumn) => eq(id, callParticipants.credential);
  const endedSession = and(isOfSeat(sessions.id), isNotNull(sessions.revokedAt));
  return or(
    exists(q.select(one).from(sessions).where(endedSession)),
    exists(
      q
        .select(one)
        .from(apiKeys)
        .where(and(isOfSeat(apiKeys.id), mayKeyNotJoin())),
    ),
  );
}

/**
 * The condition that a participant has not agreed to a recording of their call that everybody had to agree to before it began:
 * they hold a token from before, or have taken their consent back.
 */
const comesWithoutConsent = (): SQL | undefined =>
  and(
    notInArray(callParticipants.role, [...UNCOUNTED_ROLES]),
    lacksRecordingConsent(callParticipants.callId, callParticipants.identity, { onlyAgreed: true }),
  );

/** The condition that a participant may not be in their call. */
function mayNotBeThere(q: Queries, now: Date): SQL | undefined {
  const membership = q
    .select({ one: sql`1` })
    .from(members)
    .where(
      and(
        eq(members.organizationId, callParticipants.organizationId),
        eq(members.userId, callParticipants.identity),
        eq(members.status, 'active'),
      ),
    );
  return or(
    sql`not (${isOpenCall})`,
    isNotNull(roomPeople.removedAt),
    and(eq(callParticipants.kind, 'user'), notExists(membership)),
    isNotNull(organizations.deletedAt),
    isCredentialEnded(q),
    isLateArrival(now),
    comesWithoutConsent(),
  );
}

/** Finds participants who may not be in their call, each with its cluster. */
export function selectUnwantedParticipants(q: Queries, condition: SQL, now: Date) {
  return q
    .select({ callId: calls.id, identity: callParticipants.identity, cluster: calls.cluster })
    .from(callParticipants)
    .innerJoin(calls, eq(calls.id, callParticipants.callId))
    .innerJoin(organizations, eq(organizations.id, calls.organizationId))
    .innerJoin(rooms, eq(rooms.id, calls.roomId))
    .leftJoin(
      roomPeople,
      and(eq(roomPeople.roomId, calls.roomId), eq(roomPeople.identity, callParticipants.identity)),
    )
    .where(and(condition, mayNotBeThere(q, now)));
}

/** The condition that a participant is the one of a connection. */
export const isOneOf = (connections: readonly ReportedConnection[]): SQL =>
  or(
    ...connections.map(({ callId, identity }) =>
      and(eq(callParticipants.callId, callId), eq(callParticipants.identity, identity)),
    ),
  )!;

export const isParticipant = (organizationId: string, callId: string, participantId: string): SQL =>
  and(
    eq(callParticipants.id, participantId),
    eq(callParticipants.callId, callId),
    eq(callParticipants.organizationId, organizationId),
  )!;

export const isConnectedTo = (organizationId: string, callId: string): SQL =>
  and(
    eq(callParticipants.callId, callId),
    eq(callParticipants.organizationId, organizationId),
    eq(callParticipants.status, 'connected'),
  )!;
