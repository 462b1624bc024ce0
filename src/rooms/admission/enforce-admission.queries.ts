import { and, eq, exists, isNotNull, notExists, or, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { callParticipants, calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import type { ReportedConnection } from '../../calls/connections/index.ts';
import { apiKeys } from '../../identity/api-keys/api-keys.tables.ts';
import { members } from '../../identity/members/members.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { sessions } from '../../identity/sessions/sessions.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { roomPeople } from '../rooms/rooms.tables.ts';

/** The condition that the session or the API key with which a participant got the last token was ended. */
function isCredentialEnded(q: Queries): SQL | undefined {
  const one = { one: sql`1` };
  const isOfSeat = (id: PgColumn, revokedAt: PgColumn) =>
    and(eq(id, callParticipants.credential), isNotNull(revokedAt));
  return or(
    exists(q.select(one).from(sessions).where(isOfSeat(sessions.id, sessions.revokedAt))),
    exists(q.select(one).from(apiKeys).where(isOfSeat(apiKeys.id, apiKeys.revokedAt))),
  );
}

/** The condition that a participant may not be in their call. */
function mayNotBeThere(q: Queries): SQL | undefined {
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
  );
}

/** Finds participants who may not be in their call, each with its cluster. */
export function selectUnwantedParticipants(q: Queries, condition: SQL) {
  return q
    .select({ callId: calls.id, identity: callParticipants.identity, cluster: calls.cluster })
    .from(callParticipants)
    .innerJoin(calls, eq(calls.id, callParticipants.callId))
    .innerJoin(organizations, eq(organizations.id, calls.organizationId))
    .leftJoin(
      roomPeople,
      and(eq(roomPeople.roomId, calls.roomId), eq(roomPeople.identity, callParticipants.identity)),
    )
    .where(and(condition, mayNotBeThere(q)));
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
