import { and, eq, gt, inArray, isNull, or, sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { apiKeys } from '../../identity/api-keys/api-keys.tables.ts';
import { sessions } from '../../identity/sessions/sessions.tables.ts';
import { callParticipants, calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { serviceIdentities } from '../admission/service-identities.tables.ts';
import { lobbyEntries } from '../lobby/lobby.tables.ts';
import { roomMoves } from '../moves/moves.tables.ts';

/** The sessions of a user that ended after `since`. */
export function selectEndedSessions(q: Queries, userId: string, since: Date) {
  return q
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), gt(sessions.revokedAt, since)));
}

/** The API keys that a user made and that were revoked after `since`. */
export function selectRevokedKeysOfUser(q: Queries, userId: string, since: Date) {
  return q
    .select({ id: apiKeys.id, organizationId: apiKeys.organizationId })
    .from(apiKeys)
    .where(and(eq(apiKeys.createdBy, userId), gt(apiKeys.revokedAt, since)));
}

/** An API key that is revoked. */
export function selectRevokedKey(q: Queries, apiKeyId: string) {
  const isRevoked = sql`${apiKeys.revokedAt} is not null`;
  return q
    .select({ id: apiKeys.id, organizationId: apiKeys.organizationId })
    .from(apiKeys)
    .where(and(eq(apiKeys.id, apiKeyId), isRevoked));
}

/** The holder of the connections. */
export interface ConnectionHolder {
  /** Null for every organization. */
  organizationId: string | null;
  /** A person, with any credential behind their connections; null for none. */
  userId: string | null;
  /** Sessions and API keys that connections rest on. */
  credentials: readonly string[];
  /** The organizations of those keys: a lobby entry does not say which key it is of. */
  keyOrganizationIds: readonly string[];
}

const isIn = (column: PgColumn, { organizationId }: ConnectionHolder): SQL | undefined =>
  organizationId === null ? undefined : eq(column, organizationId);

const isOf = (
  columns: { organizationId: PgColumn; userId: PgColumn; credential: PgColumn },
  holder: ConnectionHolder,
): SQL | undefined =>
  and(
    isIn(columns.organizationId, holder),
    or(
      holder.userId === null ? undefined : eq(columns.userId, holder.userId),
      inArray(columns.credential, [...holder.credentials]),
    ),
  );

/** Seats in open calls, and those taken after `since`. */
function selectSeatsOf(q: Queries, holder: ConnectionHolder, since: Date) {
  const { roomId, id: callId, cluster } = calls;
  const { identity, credential } = callParticipants;
  return q
    .select({ roomId, callId, cluster, identity, credential, isOpen: sql<boolean>`${isOpenCall}` })
    .from(callParticipants)
    .innerJoin(calls, eq(calls.id, callParticipants.callId))
    .where(and(isOf(callParticipants, holder), or(isOpenCall, gt(callParticipants.seatSince, since))));
}

/** Rooms in whose lobby they waited after `since`. */
function selectLobbyRoomsOf(q: Queries, holder: ConnectionHolder, since: Date) {
  const isOfService = and(
    inArray(lobbyEntries.organizationId, [...holder.keyOrganizationIds]),
    inArray(lobbyEntries.kind, ['service', 'agent']),
  );
  const isOfUser = holder.userId === null ? undefined : eq(lobbyEntries.userId, holder.userId);
  return q
    .selectDistinct({ roomId: lobbyEntries.roomId })
    .from(lobbyEntries)
    .where(
      and(
        isIn(lobbyEntries.organizationId, holder),
        or(isOfUser, isOfService),
        gt(lobbyEntries.expiresAt, since),
      ),
    );
}

/** Rooms to which they were moved after `since`. */
function selectMoveRoomsOf(q: Queries, holder: ConnectionHolder, since: Date) {
  return q
    .selectDistinct({ roomId: roomMoves.roomId })
    .from(roomMoves)
    .where(and(isOf(roomMoves, holder), gt(roomMoves.movedAt, since)));
}

/** All rooms where they may have a socket, as three selects: `roomIdsOf` takes their rows. */
export const selectConnections = (q: Queries, holder: ConnectionHolder, since: Date) =>
  [
    selectSeatsOf(q, holder, since),
    selectLobbyRoomsOf(q, holder, since),
    selectMoveRoomsOf(q, holder, since),
  ] as const;

/** An API key that is not revoked. */
export function selectKeyScopes(q: Queries, organizationId: string, apiKeyId: string) {
  return q
    .select({ scopes: apiKeys.scopes })
    .from(apiKeys)
    .where(
      and(eq(apiKeys.organizationId, organizationId), eq(apiKeys.id, apiKeyId), isNull(apiKeys.revokedAt)),
    );
}

/** Seats that an API key took in open calls, or after `since`. */
function selectSeatsOfKey(q: Queries, organizationId: string, apiKeyId: string, since: Date) {
  const { roomId, id: callId, cluster } = calls;
  const { identity, role } = callParticipants;
  return q
    .select({ roomId, callId, cluster, identity, role, isOpen: sql<boolean>`${isOpenCall}` })
    .from(callParticipants)
    .innerJoin(calls, eq(calls.id, callParticipants.callId))
    .where(
      and(
        eq(callParticipants.organizationId, organizationId),
        eq(callParticipants.credential, apiKeyId),
        or(isOpenCall, gt(callParticipants.seatSince, since)),
      ),
    );
}

/** Lobby entries of the identities that belong to an API key. */
function selectLobbyEntriesOfKey(q: Queries, organizationId: string, apiKeyId: string, since: Date) {
  const { roomId, identity, role } = lobbyEntries;
  const belongs = and(
    eq(serviceIdentities.organizationId, lobbyEntries.organizationId),
    eq(serviceIdentities.identity, identity),
  );
  return q
    .select({ roomId, identity, role })
    .from(lobbyEntries)
    .innerJoin(serviceIdentities, belongs)
    .where(
      and(
        eq(lobbyEntries.organizationId, organizationId),
        eq(serviceIdentities.apiKeyId, apiKeyId),
        gt(lobbyEntries.expiresAt, since),
      ),
    );
}

function selectMovesOfKey(q: Queries, organizationId: string, apiKeyId: string, since: Date) {
  const { roomId, identity, role } = roomMoves;
  return q
    .select({ roomId, identity, role })
    .from(roomMoves)
    .where(
      and(
        eq(roomMoves.organizationId, organizationId),
        eq(roomMoves.credential, apiKeyId),
        gt(roomMoves.movedAt, since),
      ),
    );
}

/** Where the identities of an API key may be connected since `since`, each with their role there: seats, lobbies, moves. */
export const selectConnectionsOfKey = (q: Queries, organizationId: string, apiKeyId: string, since: Date) =>
  [
    selectSeatsOfKey(q, organizationId, apiKeyId, since),
    selectLobbyEntriesOfKey(q, organizationId, apiKeyId, since),
    selectMovesOfKey(q, organizationId, apiKeyId, since),
  ] as const;

/** Each room once. */
export const roomIdsOf = (...rows: (readonly { roomId: string }[])[]): string[] => [
  ...new Set(rows.flat().map(({ roomId }) => roomId)),
];
