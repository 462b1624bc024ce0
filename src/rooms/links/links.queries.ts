import { and, eq, gt, isNull, not, or, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { holdFeature, holdLimit } from '../../identity/entitlements/index.ts';
import { users } from '../../identity/users/users.tables.ts';
import { type PageRange, requestErrors } from '../../kernel/core/index.ts';
import { mustChange, type Queries, inOrder, isInRange, changeVersioned } from '../../kernel/db/index.ts';
import { lobbyEntries } from '../lobby/lobby.tables.ts';
import { callParticipants, calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import { hostCame } from '../../calls/calls/index.ts';
import { accessFactColumns, isPersonOf, isShownTo } from '../access/index.ts';
import { recordingColumns } from '../recording-consents/index.ts';
import { currentRoleOf, isInActiveOrganization } from '../rooms/index.ts';
import { roomPeople, rooms } from '../rooms/rooms.tables.ts';
import type { Link } from './links.rules.ts';
import { links, linkVisitors } from './links.tables.ts';

/** Fails the commit when it adds a link and there are more than the plan allows, or it has none. */
export const holdLinks = (q: Queries, organizationId: string, now: Date) => [
  holdFeature(q, { organizationId, now, feature: 'guest_links' }),
  ...holdLimit(q, {
    organizationId,
    now,
    limit: 'links',
    rows: sql`select from ${links} join ${rooms} on ${rooms.id} = ${links.roomId} where ${links.organizationId} = ${organizationId}
      and ${links.deletedAt} is null and ${rooms.deletedAt} is null and ${links.isActive}
      and (${links.expiresAt} is null or ${links.expiresAt} > ${now.toISOString()}::timestamptz)`,
  }),
];

type NewLink = typeof links.$inferInsert;

/** The person that asks for a link: their identity in the room, and the viewer to whom the room must show (`restrictedViewer`). */
export interface LinkReader {
  identity: string;
  viewer: string | null;
}

const openCall = and(eq(calls.roomId, rooms.id), isOpenCall);
const isNotDeleted = and(isNull(links.deletedAt), isNull(rooms.deletedAt), isInActiveOrganization);

/** The room that a new link leads to, by its id or by that of a call in it, with what is stored about the identity. */
export function selectLinkTarget(
  q: Queries,
  organizationId: string,
  { roomId, callId }: { roomId?: string | undefined; callId?: string | undefined },
  { identity, viewer }: LinkReader,
) {
  const isTarget = callId === undefined ? eq(rooms.id, roomId ?? '') : eq(calls.id, callId);
  return q
    .select({
      room: rooms,
      call: calls,
      ...accessFactColumns(q, organizationId, identity),
    })
    .from(rooms)
    .leftJoin(calls, and(eq(calls.roomId, rooms.id), eq(calls.id, callId ?? '')))
    .leftJoin(roomPeople, isPersonOf(identity))
    .where(
      and(isTarget, eq(rooms.organizationId, organizationId), isNull(rooms.deletedAt), isShownTo(viewer)),
    );
}

/** A link with its room, and with what the room stores about the identity. */
export function selectLink(
  q: Queries,
  organizationId: string,
  linkId: string,
  { identity, viewer }: LinkReader,
) {
  return q
    .select({ link: links, room: rooms, ...accessFactColumns(q, organizationId, identity) })
    .from(links)
    .innerJoin(rooms, eq(rooms.id, links.roomId))
    .leftJoin(roomPeople, isPersonOf(identity))
    .where(
      and(eq(links.id, linkId), eq(links.organizationId, organizationId), isNotDeleted, isShownTo(viewer)),
    );
}

const isActiveAt = (now: Date): SQL =>
  and(
    links.isActive,
    or(isNull(links.expiresAt), gt(links.expiresAt, now)),
    or(isNull(links.maxUses), sql`${links.uses} < ${links.maxUses}`),
  )!;

export interface LinkFilter {
  roomId?: string | undefined;
  active?: boolean | undefined;
}

/** @param identity limits it to links of their own and of rooms they host; null for all */
export function selectLinks(
  q: Queries,
  organizationId: string,
  { identity, viewer }: { identity: string | null; viewer: string | null },
  { roomId, active }: LinkFilter,
  now: Date,
  range: PageRange,
) {
  const isHost = sql`${roomPeople.removedAt} is null
    and coalesce(${currentRoleOf(roomPeople)}, case when ${rooms.createdBy} = ${identity} then 'host' end) = 'host'`;
  return q
    .select({ link: links })
    .from(links)
    .innerJoin(rooms, eq(rooms.id, links.roomId))
    .leftJoin(roomPeople, isPersonOf(identity ?? ''))
    .where(
      and(
        eq(links.organizationId, organizationId),
        isNotDeleted,
        identity === null ? undefined : or(eq(links.createdBy, identity), isHost),
        isShownTo(viewer),
        roomId === undefined ? undefined : eq(links.roomId, roomId),
        active === undefined ? undefined : active ? isActiveAt(now) : not(isActiveAt(now)),
        isInRange(links.id, range),
      ),
    )
    .orderBy(inOrder(links.id, range))
    .limit(range.limit + 1);
}

export function insertLink(q: Queries, row: NewLink) {
  return q.insert(links).values(row);
}

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export function updateLinkRow(q: Queries, row: Link, set: Partial<NewLink>) {
  return changeVersioned(q, links, row, set, { condition: isNull(links.deletedAt) });
}

/** The role, capped by what the link's creator may do at this moment: `cap-link-role.sql`, in `rooms/access`. */
const capByCreator = <T extends PgColumn>(role: T) =>
  sql<T['_']['data']>`cap_link_role(${role}, ${links.createdBy}, ${links.roomId})`;

/** What a code leads to for an identity; across organizations in the system's scope. */
export function selectLinkByCode(q: Queries, code: string, identity: string) {
  const lastEntry = q
    .select({ id: sql<string>`max(${lobbyEntries.id})` })
    .from(lobbyEntries)
    .where(and(eq(lobbyEntries.roomId, rooms.id), eq(lobbyEntries.identity, identity)));
  return q
    .select({
      link: links,
      room: rooms,
      call: calls,
      hostCame: sql<boolean>`${hostCame}`,
      seat: callParticipants,
      entry: lobbyEntries,
      linkRole: capByCreator(links.defaultRole),
      entryRole: capByCreator(lobbyEntries.role),
      accountName: users.name,
      ...recordingColumns(calls.id, identity),
      ...accessFactColumns(q, links.organizationId, identity),
    })
    .from(links)
    .innerJoin(rooms, eq(rooms.id, links.roomId))
    .leftJoin(calls, openCall)
    .leftJoin(roomPeople, isPersonOf(identity))
    .leftJoin(
      callParticipants,
      and(eq(callParticipants.callId, calls.id), eq(callParticipants.identity, identity)),
    )
    .leftJoin(lobbyEntries, eq(lobbyEntries.id, lastEntry))
    .leftJoin(users, eq(users.id, identity))
    .where(and(eq(links.code, code), isNotDeleted));
}

/**
 * Counts a use of a link, if it is still active at the moment of the commit; otherwise the commit fails with
 * `request.stale`, and reading the link again shows why.
 */
export function consumeLinkUse(q: Queries, { id, organizationId }: Link, now: Date) {
  const change = q
    .update(links)
    .set({ uses: sql`${links.uses} + 1`, lastUsedAt: now })
    .where(
      and(
        eq(links.id, id),
        eq(links.organizationId, organizationId),
        isNull(links.deletedAt),
        isActiveAt(now),
      ),
    )
    .returning({ id: links.id });
  return mustChange(q, change, requestErrors.stale);
}

/** Counts a click, and the visitor if the link has not had them before. */
export function countVisit(q: Queries, { id, organizationId }: Link, visitorHash: string, now: Date) {
  const visitor = q
    .insert(linkVisitors)
    .values({ organizationId, linkId: id, visitorHash, createdAt: now })
    .onConflictDoNothing()
    .returning({ linkId: linkVisitors.linkId });
  return q.execute(sql`with visitor as ${visitor}
    update ${links} set clicks = clicks + 1,
      unique_visitors = unique_visitors + (select count(*) from visitor)
    where ${and(eq(links.id, id), eq(links.organizationId, organizationId))}`);
}
