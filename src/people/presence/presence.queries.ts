import { and, eq, inArray, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustChange, type Queries } from '../../kernel/db/index.ts';
import { members } from '../../identity/members/members.tables.ts';
import { callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import { contacts } from '../contacts/contacts.tables.ts';
import type { StoredPresence } from './presence.rules.ts';
import { presences } from './presence.tables.ts';

const storedPresence = {
  status: presences.status,
  message: presences.message,
  expiresAt: presences.expiresAt,
  visibility: presences.visibility,
  screenUnknown: presences.screenUnknown,
  favouritesRing: presences.favouritesRing,
  version: presences.version,
};

const isActiveAmong = (organizationId: string, userIds: readonly string[]) =>
  and(
    eq(members.organizationId, organizationId),
    inArray(members.userId, [...userIds]),
    eq(members.status, 'active'),
  );

/** The presence and settings that a user has stored; no row when they never set any. */
export function selectPresence(q: Queries, organizationId: string, userId: string) {
  return q
    .select(storedPresence)
    .from(presences)
    .where(and(eq(presences.organizationId, organizationId), eq(presences.userId, userId)));
}

/** Those of the users who are connected to a call of the organization. */
export function selectUsersInCalls(q: Queries, organizationId: string, userIds: readonly string[]) {
  return q
    .selectDistinct({ userId: callParticipants.identity })
    .from(calls)
    .innerJoin(callParticipants, eq(callParticipants.callId, calls.id))
    .where(
      and(
        eq(calls.organizationId, organizationId),
        eq(calls.status, 'active'),
        inArray(callParticipants.identity, [...userIds]),
        eq(callParticipants.status, 'connected'),
      ),
    );
}

/** The user behind a participant of a call; null for a guest, a service or an agent. */
export function selectUserOfParticipant(q: Queries, organizationId: string, participantId: string) {
  return q
    .select({ userId: callParticipants.userId })
    .from(callParticipants)
    .where(and(eq(callParticipants.organizationId, organizationId), eq(callParticipants.id, participantId)));
}

/** Those of the users who are active members of the organization. */
export function selectActiveMembers(q: Queries, organizationId: string, userIds: readonly string[]) {
  return q.select({ userId: members.userId }).from(members).where(isActiveAmong(organizationId, userIds));
}

/**
 * Those of the users who are active members, with their stored presence and their relation to the viewer. Needs the
 * system's scope, because the relation is in each user's own address book.
 */
export function selectPresencesForViewer(
  q: Queries,
  organizationId: string,
  viewerId: string,
  userIds: readonly string[],
) {
  return q
    .select({
      userId: members.userId,
      storedPresence,
      listed: sql<boolean>`${contacts.userId} is not null`,
      blocked: sql<boolean>`${contacts.blockedAt} is not null`,
    })
    .from(members)
    .leftJoin(
      presences,
      and(eq(presences.organizationId, members.organizationId), eq(presences.userId, members.userId)),
    )
    .leftJoin(
      contacts,
      and(
        eq(contacts.organizationId, members.organizationId),
        eq(contacts.userId, members.userId),
        eq(contacts.contactUserId, viewerId),
      ),
    )
    .where(isActiveAmong(organizationId, userIds));
}

/** Those of the watchers who are active members, with their relation to the user. Needs the user's own scope. */
export function selectWatchers(
  q: Queries,
  organizationId: string,
  userId: string,
  watcherIds: readonly string[],
) {
  return q
    .select({
      userId: members.userId,
      listed: sql<boolean>`${contacts.userId} is not null`,
      blocked: sql<boolean>`${contacts.blockedAt} is not null`,
    })
    .from(members)
    .leftJoin(
      contacts,
      and(
        eq(contacts.organizationId, members.organizationId),
        eq(contacts.userId, userId),
        eq(contacts.contactUserId, members.userId),
      ),
    )
    .where(isActiveAmong(organizationId, watcherIds));
}

type StatusUpdate = Pick<StoredPresence, 'status' | 'message' | 'expiresAt'>;

/** Stores the status without a version check: the last write wins, whichever device it comes from. */
export function upsertStatus(
  q: Queries,
  organizationId: string,
  userId: string,
  statusUpdate: StatusUpdate,
  updatedAt: Date,
) {
  return q
    .insert(presences)
    .values({ organizationId, userId, ...statusUpdate, updatedAt })
    .onConflictDoUpdate({
      target: [presences.organizationId, presences.userId],
      set: { ...statusUpdate, updatedAt },
    });
}

type StoredPresenceSettings = Pick<StoredPresence, 'visibility' | 'screenUnknown' | 'favouritesRing'>;

/** Stores the settings if they still have the version that was read; otherwise the commit fails with `request.stale`. */
export function upsertPresenceSettings(
  q: Queries,
  organizationId: string,
  userId: string,
  settings: StoredPresenceSettings,
  readVersion: number,
  updatedAt: Date,
) {
  const change = q
    .insert(presences)
    .values({ organizationId, userId, ...settings, updatedAt, version: readVersion + 1 })
    .onConflictDoUpdate({
      target: [presences.organizationId, presences.userId],
      set: { ...settings, updatedAt, version: sql`${presences.version} + 1` },
      setWhere: eq(presences.version, readVersion),
    })
    .returning({ userId: presences.userId });
  return mustChange(q, change, requestErrors.stale);
}
