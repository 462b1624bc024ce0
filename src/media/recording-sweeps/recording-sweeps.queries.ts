import { and, eq, inArray, isNotNull, isNull, lte, notInArray, or, sql } from 'drizzle-orm';
import { inTurn, type Queries } from '../../kernel/db/index.ts';
import { CLUSTER_STATES, GONE_STATES } from '../recordings/index.ts';
import { recordings } from '../recordings/recordings.tables.ts';

const isAtCluster = inArray(recordings.state, [...CLUSTER_STATES]);
const isDeleting = and(
  isNotNull(recordings.deleteRequestedAt),
  notInArray(recordings.state, [...GONE_STATES]),
);
const isPastExpiry = (now: Date) =>
  and(
    inArray(recordings.state, ['ready', 'compressing', 'failed', 'lost']),
    isNull(recordings.deleteRequestedAt),
    lte(recordings.expiresAt, now),
  );

/** Recordings that a cluster has or is to begin, in no order: each gets its turn, even among many that cannot continue. */
export const selectRecordingsToSweep = (q: Queries, now: Date, limit: number) =>
  q
    .select({ id: recordings.id, organizationId: recordings.organizationId })
    .from(recordings)
    .where(isAtCluster)
    .orderBy(inTurn(recordings.id, now))
    .limit(limit);

/** Younger ones are left to the subscriber. */
const UNVERIFIED_FROM_MS = 2 * 60_000;
/** Larger objects are read nowhere for their checksum. */
const MOST_READ_BYTES = 2 * 1024 ** 3;

const isUnverified = (now: Date) =>
  and(
    eq(recordings.state, 'verifying'),
    lte(recordings.stateAt, new Date(now.getTime() - UNVERIFIED_FROM_MS)),
  );

/**
 * Recordings whose object is to be verified or deleted, in no order either: first one of each organization, then the
 * second of each, and so on, at most `perOrganization` of each.
 */
export function selectObjectsToSweep(
  q: Queries,
  now: Date,
  { perOrganization, limit }: { perOrganization: number; limit: number },
) {
  const due = q
    .select({
      id: recordings.id,
      organizationId: recordings.organizationId,
      bytesToRead:
        sql<number>`(case when ${recordings.state} = 'verifying' and ${recordings.sizeBytes} <= ${MOST_READ_BYTES}
        then ${recordings.sizeBytes} else 0 end)::float8`.as('bytes_to_read'),
      place: sql<number>`row_number() over (
        partition by ${recordings.organizationId} order by ${inTurn(recordings.id, now)})`.as('place'),
    })
    .from(recordings)
    .where(or(isUnverified(now), isDeleting, isPastExpiry(now)))
    .as('due');
  return q
    .select({ id: due.id, organizationId: due.organizationId, bytesToRead: due.bytesToRead })
    .from(due)
    .where(lte(due.place, perOrganization))
    .orderBy(due.place, inTurn(due.id, now))
    .limit(limit);
}

/** The recordings with these ids, of any organization: how far they are, and by which recorder. */
export const selectEgresses = (q: Queries, ids: readonly string[]) =>
  q
    .select({ id: recordings.id, state: recordings.state, egress: recordings.egress })
    .from(recordings)
    .where(inArray(recordings.id, [...ids]));
