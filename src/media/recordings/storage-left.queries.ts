import { type SQL, sql } from 'drizzle-orm';
import { entitledTo, holdTotal } from '../../identity/entitlements/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { storedBytes } from '../storage/index.ts';
import type { RecordingKind } from './recordings.enums.ts';
import { recordings } from './recordings.tables.ts';

/** Each recording counts for at least so much until its size is known, four minutes of a call. */
const RESERVED_BYTES = 100_000_000;
/** How far an organization may exceed its storage, by estimate, before its recordings are stopped. */
const GRACE_BYTES = 1_000_000_000;
/** Estimate of the bytes that recorders write in a second, at the requested bit rates. */
const BYTES_PER_SECOND: Readonly<Record<RecordingKind, number>> = {
  composite: 400_000,
  audio: 20_000,
  participant: 400_000,
  track: 320_000,
};

/** Estimate of the product's storage that the running recordings of an organization will take. */
function bytesUnderWay(organizationId: string, now: Date): SQL {
  const rates = Object.entries(BYTES_PER_SECOND).map(
    ([kind, rate]) => sql`when ${kind} then ${rate}::float8`,
  );
  const seconds = sql`extract(epoch from ${now.toISOString()}::timestamptz - coalesce(r.started_at, r.created_at))`;
  return sql`(select coalesce(sum(coalesce(r.size_bytes, greatest(${RESERVED_BYTES}::float8,
    ${seconds} * case r.kind ${sql.join(rates, sql` `)} end))), 0)::bigint
    from ${recordings} r where r.organization_id = ${organizationId} and r.storage = 'product'
    and r.state in ('requested', 'starting', 'active', 'finalizing', 'verifying'))`;
}

const total = (organizationId: string, now: Date): SQL =>
  sql`(select ${storedBytes(organizationId)} + ${bytesUnderWay(organizationId, now)})`;

/**
 * Fails the commit with `billing.limit_reached` when the organization has too little storage left for a recording: a
 * statement after the insertion of its row.
 */
export const holdStorageLeft = (q: Queries, organizationId: string, now: Date): Statement =>
  holdTotal(q, {
    limit: 'storage_bytes',
    total: total(organizationId, now),
    added: RESERVED_BYTES,
    organizationId,
    now,
  });

/** Whether an organization has used more of its storage than it may, with what its recordings have written by estimate. */
export const isStorageFull = (organizationId: string, now: Date): SQL<boolean> =>
  sql<boolean>`(${total(organizationId, now)} > ${entitledTo('storage_bytes', { organizationId, now })} + ${GRACE_BYTES}::bigint)`;
