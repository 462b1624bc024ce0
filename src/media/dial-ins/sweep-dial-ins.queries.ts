import { and, eq, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm';
import { calls } from '../../calls/calls/calls.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { inTurn, mustChange, type Queries } from '../../kernel/db/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { dialIns } from './dial-ins.tables.ts';

const ids = (q: Queries) =>
  q.select({ id: dialIns.id, organizationId: dialIns.organizationId }).from(dialIns);

/** The dial-in of the room of a call, of any organization; no row without one. */
export const selectDialInOfCall = (q: Queries, callId: string) =>
  ids(q).innerJoin(calls, eq(calls.roomId, dialIns.id)).where(eq(calls.id, callId));

/** The dial-in of a room that is closed until a host comes. */
export const selectWaitingDialIn = (q: Queries, organizationId: string, roomId: string) =>
  ids(q).where(
    and(
      eq(dialIns.organizationId, organizationId),
      eq(dialIns.id, roomId),
      eq(dialIns.reason, 'waits_for_host'),
    ),
  );

const hasActiveCall = (q: Queries): SQL =>
  sql`exists ${q
    .select({ one: sql`1` })
    .from(calls)
    .where(and(eq(calls.roomId, dialIns.id), eq(calls.status, 'active')))}`;

/** The dial-ins of an organization that something may be true of at a cluster now. */
export const selectDialInsOfOrganization = (q: Queries, organizationId: string) =>
  ids(q).where(
    and(eq(dialIns.organizationId, organizationId), or(isNotNull(dialIns.cluster), hasActiveCall(q))),
  );

/** Dial-ins of all organizations that a cluster has, or should have, a rule for; each in its turn. */
export const selectDialInsToSweep = (q: Queries, now: Date, limit: number) =>
  ids(q)
    .innerJoin(rooms, eq(rooms.id, dialIns.id))
    .innerJoin(organizations, eq(organizations.id, dialIns.organizationId))
    .where(
      or(
        isNotNull(dialIns.cluster),
        and(
          eq(dialIns.enabled, true),
          isNull(rooms.deletedAt),
          isNull(organizations.deletedAt),
          hasActiveCall(q),
        ),
      ),
    )
    .orderBy(inTurn(dialIns.id, now))
    .limit(limit);

/** Selects rows that are at a cluster, or may be about to be. */
export const selectDialInsOfCluster = (q: Queries, cluster: string) =>
  q
    .select({
      id: dialIns.id,
      organizationId: dialIns.organizationId,
      ref: dialIns.clusterRule,
      begunAt: dialIns.begunAt,
    })
    .from(dialIns)
    .where(eq(dialIns.cluster, cluster));

/** Dial-ins whose PIN is encrypted with another key of the product than the newest. */
export const selectOutdatedPins = (q: Queries, newestKeyId: string, now: Date, limit: number) =>
  q
    .select({ id: dialIns.id, organizationId: dialIns.organizationId, sealedPin: dialIns.sealedPin })
    .from(dialIns)
    .where(sql`split_part(${dialIns.sealedPin}, '.', 2) <> ${newestKeyId}`)
    .orderBy(inTurn(dialIns.id, now))
    .limit(limit);

/** Stores the same PIN in another encryption, unless it was rotated meanwhile (`request.stale`). */
export const replaceSealedPin = (
  q: Queries,
  { id, organizationId, sealedPin: old }: { id: string; organizationId: string; sealedPin: string },
  sealedPin: string,
) =>
  mustChange(
    q,
    q
      .update(dialIns)
      .set({ sealedPin })
      .where(and(eq(dialIns.organizationId, organizationId), eq(dialIns.id, id), eq(dialIns.sealedPin, old)))
      .returning({ id: dialIns.id }),
    requestErrors.stale,
  );
