import { and, desc, eq, gt, inArray, isNotNull, isNull, lt, lte, ne, or, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { mustHold, type Queries, isBefore, changeVersioned } from '../../kernel/db/index.ts';
import { users } from '../../identity/users/users.tables.ts';
import { contacts } from '../contacts/contacts.tables.ts';
import { ringErrors } from './ringing.errors.ts';
import { MAX_RINGS, type Ring } from './ringing.rules.ts';
import type { RingQuery } from './ringing.schemas.ts';
import { rings } from './ringing.tables.ts';
import type { RingDetails } from './inbox-events.rules.ts';

const callers = alias(users, 'callers');
const callees = alias(users, 'callees');
const partyColumns = (person: typeof callers | typeof callees) => ({
  name: person.name,
  avatarUrl: person.avatarUrl,
});

export const selectRingsWithParties = (q: Queries) =>
  q
    .select({ ring: rings, caller: partyColumns(callers), callee: partyColumns(callees) })
    .from(rings)
    .leftJoin(callers, eq(callers.id, rings.callerId))
    .leftJoin(callees, eq(callees.id, rings.calleeId));

type RingWithPartiesRow = Awaited<ReturnType<typeof selectRingsWithParties>>[number];

/** A user who left the organization has an empty name. */
export function toRingDetails({ ring, caller, callee }: RingWithPartiesRow): RingDetails {
  const toParty = (userId: string, found: RingWithPartiesRow['caller'] | null) => ({
    userId,
    name: found?.name ?? '',
    avatarUrl: found?.avatarUrl ?? null,
  });
  return { ring, caller: toParty(ring.callerId, caller), callee: toParty(ring.calleeId, callee) };
}

export function selectRing(q: Queries, organizationId: string, ringId: string) {
  return selectRingsWithParties(q).where(and(eq(rings.organizationId, organizationId), eq(rings.id, ringId)));
}

// The tenant policy hides rings of blocked callers from the callee too.
const isVisibleToCallee = (personId: string): SQL =>
  and(eq(rings.calleeId, personId), or(isNull(rings.unheard), ne(rings.unheard, 'blocked')))!;
const isMissedByCallee = (personId: string): SQL =>
  and(
    isVisibleToCallee(personId),
    or(isNotNull(rings.unheard), inArray(rings.status, ['missed', 'cancelled', 'busy'])),
  )!;

function matchesQuery(personId: string, { direction, missed }: Pick<RingQuery, 'direction' | 'missed'>) {
  if (missed) return and(isMissedByCallee(personId), direction === 'outgoing' ? sql`false` : undefined);
  if (direction === 'incoming') return isVisibleToCallee(personId);
  const outgoing = eq(rings.callerId, personId);
  return direction === 'outgoing' ? outgoing : or(outgoing, isVisibleToCallee(personId));
}

/** A page of a person's rings, newest first. */
export function selectRings(
  q: Queries,
  organizationId: string,
  personId: string,
  { limit, ...filters }: Omit<RingQuery, 'cursor'>,
  after: string | undefined,
) {
  return selectRingsWithParties(q)
    .where(
      and(
        eq(rings.organizationId, organizationId),
        matchesQuery(personId, filters),
        isBefore(rings.id, after),
      ),
    )
    .orderBy(desc(rings.id))
    .limit(limit + 1);
}

/** Condition: the ring is between these two users, in either direction. */
const isBetween = (organizationId: string, a: string, b: string | SQL): SQL =>
  and(
    eq(rings.organizationId, organizationId),
    or(
      and(eq(rings.callerId, a), sql`${rings.calleeId} = ${b}`),
      and(sql`${rings.callerId} = ${b}`, eq(rings.calleeId, a)),
    ),
  )!;

/** The rings between two users since a time, newest first, 100 at most. */
export function selectRecentRings(
  q: Queries,
  organizationId: string,
  a: string,
  b: string | SQL,
  since: Date,
) {
  return q
    .select({
      callerId: rings.callerId,
      status: rings.status,
      unheard: rings.unheard,
      createdAt: rings.createdAt,
      expiresAt: rings.expiresAt,
    })
    .from(rings)
    .where(and(isBetween(organizationId, a, b), gt(rings.createdAt, since)))
    .orderBy(desc(rings.id))
    .limit(100);
}

/**
 * The ring of a caller that sounds at a callee who has blocked them. Needs the system's scope: the block is protected by
 * the callee's tenant policy.
 */
export function selectSoundingRingOfBlockedCaller(
  q: Queries,
  organizationId: string,
  callerId: string,
  calleeId: string,
  now: Date,
) {
  const blocks = and(
    eq(contacts.organizationId, organizationId),
    eq(contacts.userId, calleeId),
    eq(contacts.contactUserId, callerId),
    isNotNull(contacts.blockedAt),
  );
  return selectRingsWithParties(q).where(
    and(
      eq(rings.organizationId, organizationId),
      eq(rings.callerId, callerId),
      eq(rings.calleeId, calleeId),
      eq(rings.status, 'ringing'),
      isNull(rings.unheard),
      gt(rings.expiresAt, now),
      sql`exists (select from ${contacts} where ${blocks})`,
    ),
  );
}

/** Locks the pair until the end of the transaction, so that rings between the two are checked one after another. */
export function lockPair(q: Queries, { organizationId, callerId, calleeId }: Ring) {
  const [one, other] = callerId < calleeId ? [callerId, calleeId] : [calleeId, callerId];
  const pair = `ring ${organizationId} ${one} ${other}`;
  return q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${pair}, 0))`);
}

/**
 * Fails the commit when one of the two is already ringing the other (silent rings to the caller do not count), or when the
 * caller has rung too often. Call `lockPair` first.
 */
export function mustBeAllowedToRing(q: Queries, ring: Ring, since: Date) {
  const { organizationId, callerId, calleeId } = ring;
  const from = (caller: string, callee: string) =>
    and(eq(rings.organizationId, organizationId), eq(rings.callerId, caller), eq(rings.calleeId, callee));
  const sameDirection = from(callerId, calleeId);
  const hasNoOpenRing = (condition: SQL | undefined) =>
    sql`not exists (select from ${rings} where ${condition} and ${eq(rings.status, 'ringing')}
      and ${gt(rings.expiresAt, ring.createdAt)})`;
  const count = sql`select count(*) from ${rings} where ${sameDirection} and ${gt(rings.createdAt, since)}`;
  return [
    mustHold(q, hasNoOpenRing(sameDirection), ringErrors.alreadyRinging),
    mustHold(q, hasNoOpenRing(and(from(calleeId, callerId), isNull(rings.unheard))), ringErrors.crossed),
    mustHold(q, sql`(${count}) < ${MAX_RINGS}`, ringErrors.tooMany),
  ];
}

export function insertRing(q: Queries, row: Ring) {
  return q.insert(rings).values(row);
}

/** Changes the ring if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export function changeRing(q: Queries, row: Ring, set: Partial<Ring>) {
  return changeVersioned(q, rings, row, set);
}

/** Open rings of all organizations that have expired, oldest first. */
export function selectExpiredRings(q: Queries, now: Date, limit: number) {
  return q
    .select({ id: rings.id, organizationId: rings.organizationId })
    .from(rings)
    .where(and(eq(rings.status, 'ringing'), lte(rings.expiresAt, now)))
    .orderBy(rings.expiresAt)
    .limit(limit);
}

/** Deletes rings with lower ids; ids sort by time. */
export function deleteRingsBefore(q: Queries, beforeId: string, limit: number) {
  const oldRings = q
    .select({ id: rings.id })
    .from(rings)
    .where(lt(rings.id, beforeId))
    .orderBy(rings.id)
    .limit(limit);
  return q.delete(rings).where(inArray(rings.id, oldRings));
}
