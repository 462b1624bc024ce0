import { and, asc, count, eq, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import {
  changeVersioned,
  deleteVersioned,
  insertWithin,
  inTurn,
  isAfter,
  isUnchanged,
  mustChange,
  type Queries,
} from '../../kernel/db/index.ts';
import { bucketErrors } from './buckets.errors.ts';
import { MAX_BUCKETS } from './buckets.rules.ts';
import { type Bucket, buckets } from './buckets.tables.ts';

export const selectBuckets = (
  q: Queries,
  organizationId: string,
  { after, limit }: { after: string | undefined; limit: number },
) =>
  q
    .select()
    .from(buckets)
    .where(and(eq(buckets.organizationId, organizationId), isAfter(buckets.id, after)))
    .orderBy(asc(buckets.id))
    .limit(limit + 1);

export const selectBucket = (q: Queries, organizationId: string, bucketId: string) =>
  q
    .select()
    .from(buckets)
    .where(and(eq(buckets.organizationId, organizationId), eq(buckets.id, bucketId)));

export const countBuckets = (q: Queries, organizationId: string) =>
  q.select({ count: count() }).from(buckets).where(eq(buckets.organizationId, organizationId));

/** Inserts a bucket; the commit fails with `buckets.too_many` when the organization has too many. */
export const insertBucket = (q: Queries, row: Bucket) =>
  insertWithin(q, buckets, row, { most: MAX_BUCKETS, error: bucketErrors.tooMany });

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeBucket = (q: Queries, row: Bucket, set: Partial<Bucket>) =>
  changeVersioned(q, buckets, row, set);

/** Notes the outcome of a test, which is no change of the bucket, unless it was changed meanwhile (`request.stale`). */
export const noteTest = (
  q: Queries,
  row: Bucket,
  set: Pick<Bucket, 'status' | 'problem' | 'testedAt' | 'sealedSecret'>,
) =>
  mustChange(
    q,
    q.update(buckets).set(set).where(isUnchanged(buckets, row)).returning({ id: buckets.id }),
    requestErrors.stale,
  );

/** Buckets whose secret is encrypted with another key of the product than the newest. */
export const selectOutdatedSecrets = (q: Queries, newestKeyId: string, now: Date, limit: number) =>
  q
    .select({ id: buckets.id, organizationId: buckets.organizationId, sealedSecret: buckets.sealedSecret })
    .from(buckets)
    .where(sql`split_part(${buckets.sealedSecret}, '.', 2) <> ${newestKeyId}`)
    .orderBy(inTurn(buckets.id, now))
    .limit(limit);

/** Stores the same secret in another encryption, unless it was replaced meanwhile (`request.stale`). */
export const replaceSealedSecret = (
  q: Queries,
  { id, organizationId, sealedSecret: old }: Pick<Bucket, 'id' | 'organizationId' | 'sealedSecret'>,
  sealedSecret: string,
) =>
  mustChange(
    q,
    q
      .update(buckets)
      .set({ sealedSecret })
      .where(
        and(eq(buckets.organizationId, organizationId), eq(buckets.id, id), eq(buckets.sealedSecret, old)),
      )
      .returning({ id: buckets.id }),
    requestErrors.stale,
  );

/** Deletes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const deleteBucketRow = (q: Queries, row: Bucket) => deleteVersioned(q, buckets, row);
