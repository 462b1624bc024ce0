import { and, desc, eq, gt, inArray, isNotNull, isNull, lt, lte, ne, or, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { requestErrors } from '../../platform/core/index.ts';
import { mustChange, mustHold, type Queries } from '../../platform/db/index.ts';
import { users } from '../../identity/accounts/accounts.tables.ts';
import { contacts } from '../contacts/contacts.tables.ts';
import { ringErrors } from './ringing.errors.ts';
import { MAX_RINGS, type Ring } from './ringing.rules.ts';
import type { RingQuery } from './ringing.schemas.ts';
import { rings } from './ringing.tables.ts';
import type { RingOfTwo } from './tellings.rules.ts';

const callers = alias(users, 'callers');
const callees = alias(users, 'callees');
const party = (who: typeof callers | typeof callees) => ({ name: who.name, avatarUrl: who.avatarUrl });

const withTwo = (q: Queries) =>
  q
    .select({ ring: rings, caller: party(callers), callee: party(callees) })
    .from(rings)
    .leftJoin(callers, eq(callers.id, rings.callerId))
    .leftJoin(callees, eq(callees.id, rings.calleeId));

type FoundRing = Awaited<ReturnType<typeof withTwo>>[number];

/** Somebody who has left the organization has no name in it any more. */
export function ringOfTwo({ ring, caller, callee }: FoundRing): RingOfTwo {
  const partyOf = (userId: string, found: FoundRing['caller'] | null) => ({
    userId,
    name: found?.name ?? '',
    avatarUrl: found?.avatarUrl ?? null,
  });
  return { ring, caller: partyOf(ring.callerId, caller), callee: partyOf(ring.calleeId, callee) };
}

export function findRing(q: Queries, organizationId: string, ringId: string) {
  return withTwo(q).where(and(eq(rings.organizationId, organizationId), eq(rings.id, ringId)));
}

// The wall hides them from who is rung as well; the condition says it once more.
const heardOf = (personId: string): SQL =>
  and(eq(rings.calleeId, personId), or(isNull(rings.unheard), ne(rings.unheard, 'blocked')))!;
const missedBy = (personId: string): SQL =>
  and(
    heardOf(personId),
    or(isNotNull(rings.unheard), inArray(rings.status, ['missed', 'cancelled', 'busy'])),
  )!;

function concerns(personId: string, { direction, missed }: Pick<RingQuery, 'direction' | 'missed'>) {
  if (missed) return and(missedBy(personId), direction === 'outgoing' ? sql`false` : undefined);
  if (direction === 'incoming') return heardOf(personId);
  const outgoing = eq(rings.callerId, personId);
  return direction === 'outgoing' ? outgoing : or(outgoing, heardOf(personId));
}

/** A person's rings, newest first. */
export function listRingRows(
  q: Queries,
  organizationId: string,
  personId: string,
  { limit, ...filters }: Omit<RingQuery, 'cursor'>,
  after: string | undefined,
) {
  return withTwo(q)
    .where(
      and(
        eq(rings.organizationId, organizationId),
        concerns(personId, filters),
        after === undefined ? undefined : lt(rings.id, after),
      ),
    )
    .orderBy(desc(rings.id))
    .limit(limit + 1);
}

/** Of the rings between two people, in either direction. */
const between = (organizationId: string, a: string, b: string | SQL): SQL =>
  and(
    eq(rings.organizationId, organizationId),
    or(
      and(eq(rings.callerId, a), sql`${rings.calleeId} = ${b}`),
      and(sql`${rings.callerId} = ${b}`, eq(rings.calleeId, a)),
    ),
  )!;

/** The rings between two people since a moment, newest first. */
export function findEarlier(q: Queries, organizationId: string, a: string, b: string | SQL, since: Date) {
  return q
    .select({
      callerId: rings.callerId,
      status: rings.status,
      unheard: rings.unheard,
      createdAt: rings.createdAt,
      expiresAt: rings.expiresAt,
    })
    .from(rings)
    .where(and(between(organizationId, a, b), gt(rings.createdAt, since)))
    .orderBy(desc(rings.id))
    .limit(100);
}

/**
 * The ring of one person to another that sounds now although the callee blocks the caller by now. In the system's scope:
 * what the callee makes of the caller stands behind their wall.
 */
export function findSoundingBlocked(
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
  return withTwo(q).where(
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

/** Rings between two people come one after another: what is looked at next stays true until the commit. */
export function lockPair(q: Queries, { organizationId, callerId, calleeId }: Ring) {
  const [one, other] = callerId < calleeId ? [callerId, calleeId] : [calleeId, callerId];
  const pair = `ring ${organizationId} ${one} ${other}`;
  return q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${pair}, 0))`);
}

/**
 * Fails the commit when one of the two rings the other already, as far as the caller may hear of it, or the caller has
 * done so too often; `lockPair` comes first.
 */
export function mustBeFree(q: Queries, ring: Ring, since: Date) {
  const { organizationId, callerId, calleeId } = ring;
  const from = (caller: string, callee: string) =>
    and(eq(rings.organizationId, organizationId), eq(rings.callerId, caller), eq(rings.calleeId, callee));
  const own = from(callerId, calleeId);
  const noneOpen = (which: SQL | undefined) =>
    sql`not exists (select from ${rings} where ${which} and ${eq(rings.status, 'ringing')}
      and ${gt(rings.expiresAt, ring.createdAt)})`;
  const count = sql`select count(*) from ${rings} where ${own} and ${gt(rings.createdAt, since)}`;
  return [
    mustHold(q, noneOpen(own), ringErrors.alreadyRinging),
    mustHold(q, noneOpen(and(from(calleeId, callerId), isNull(rings.unheard))), ringErrors.crossed),
    mustHold(q, sql`(${count}) < ${MAX_RINGS}`, ringErrors.tooMany),
  ];
}

export function insertRing(q: Queries, row: Ring) {
  return q.insert(rings).values(row);
}

/** Changes the ring if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export function changeRing(q: Queries, { id, organizationId, version }: Ring, set: Partial<Ring>) {
  const change = q
    .update(rings)
    .set({ ...set, version: sql`${rings.version} + 1` })
    .where(and(eq(rings.organizationId, organizationId), eq(rings.id, id), eq(rings.version, version)))
    .returning({ id: rings.id });
  return mustChange(q, change, requestErrors.stale);
}

/** Rings of all organizations whose time has run out, the oldest first. */
export function listRunOut(q: Queries, now: Date, limit: number) {
  return q
    .select({ id: rings.id, organizationId: rings.organizationId })
    .from(rings)
    .where(and(eq(rings.status, 'ringing'), lte(rings.expiresAt, now)))
    .orderBy(rings.expiresAt)
    .limit(limit);
}

/** Deletes rings below an id: ids sort by time. */
export function forgetRings(q: Queries, below: string, limit: number) {
  const old = q
    .select({ id: rings.id })
    .from(rings)
    .where(lt(rings.id, below))
    .orderBy(rings.id)
    .limit(limit);
  return q.delete(rings).where(inArray(rings.id, old));
}
