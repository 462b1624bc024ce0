import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { openForTest, resealSecret } from './bucket-secret.ts';
import { noteTest } from './buckets.queries.ts';
import type { Bucket } from './buckets.tables.ts';
import { findBucketProblem } from './find-bucket-problem.ts';
import { getBucket } from './manage-buckets.ts';

/**
 * Tests a bucket as it is now, and notes the outcome. A failing bucket is an answer, no error.
 * @throws AppError `buckets.not_found`, `outgoing.resolver_unavailable`; `request.stale` when the bucket was changed meanwhile;
 * `auth.forbidden` without `buckets:write`
 */
export async function testBucket(ctx: Ctx, bucketId: string): Promise<Bucket> {
  requirePermission(ctx.actor, 'buckets:write');
  const row = await getBucket(ctx, bucketId);
  const problem = await findBucketProblem(ctx, await openForTest(ctx, row));
  const set: Pick<Bucket, 'status' | 'problem' | 'testedAt' | 'sealedSecret'> = {
    status: problem === null ? 'working' : 'failing',
    problem,
    testedAt: new Date(ctx.clock.now()),
    sealedSecret: await resealSecret(ctx, row),
  };
  return ctx.commit({
    write: (q) => [noteTest(q, row, set)],
    audit: {
      action: 'bucket.tested',
      target: { type: 'bucket', id: row.id },
      before: { status: row.status },
      after: { status: set.status, problem },
    },
    result: { ...row, ...set },
  });
}
