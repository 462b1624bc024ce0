import { keepRecordingsInBuckets } from '../../identity/organizations/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import {
  diffFields,
  type IfMatch,
  type Page,
  pageOf,
  type PageQuery,
  readCursor,
  requirePermission,
  requireVersion,
} from '../../kernel/core/index.ts';
import { openForTest, sealSecret } from './bucket-secret.ts';
import { bucketErrors } from './buckets.errors.ts';
import {
  changeBucket,
  countBuckets,
  deleteBucketRow,
  insertBucket,
  selectBucket,
  selectBuckets,
} from './buckets.queries.ts';
import { MAX_BUCKETS, requireNameable, requireNoProblem } from './buckets.rules.ts';
import type { CreateBucket, UpdateBucket } from './buckets.schemas.ts';
import type { Bucket } from './buckets.tables.ts';
import { findBucketProblem } from './find-bucket-problem.ts';
import type { BucketAccess } from './send-to-bucket.ts';

const targetOf = ({ id }: Bucket) => ({ type: 'bucket', id });

/** Lists the organization's buckets, the oldest first. @throws AppError `auth.forbidden` without `buckets:read` */
export async function listBuckets(ctx: Ctx, { cursor, limit }: PageQuery): Promise<Page<Bucket>> {
  requirePermission(ctx.actor, 'buckets:read');
  const page = { after: readCursor(cursor), limit };
  const [rows] = await ctx.read((q) => [selectBuckets(q, ctx.organizationId, page)]);
  return pageOf(rows, limit, ({ id }) => id);
}

/** @throws AppError `buckets.not_found`, or `auth.forbidden` without `buckets:read` */
export async function getBucket(ctx: Ctx, bucketId: string): Promise<Bucket> {
  requirePermission(ctx.actor, 'buckets:read');
  const [[found]] = await ctx.read((q) => [selectBucket(q, ctx.organizationId, bucketId)]);
  if (!found) throw bucketErrors.notFound();
  return found;
}

/** @throws AppError `buckets.test_failed` or `outgoing.resolver_unavailable` */
async function requireWorking(ctx: Ctx, access: BucketAccess): Promise<void> {
  requireNameable(access);
  requireNoProblem(await findBucketProblem(ctx, access));
}

/**
 * Adds a bucket that has proven to work. From then on recordings are stored in buckets alone, unless the organization has set otherwise.
 * @throws AppError `buckets.test_failed`, `buckets.too_many`, `outgoing.*`, or `auth.forbidden` without `buckets:write`
 */
export async function createBucket(ctx: Ctx, input: CreateBucket): Promise<Bucket> {
  requirePermission(ctx.actor, 'buckets:write');
  const { organizationId } = ctx;
  const [[counted]] = await ctx.read((q) => [countBuckets(q, organizationId)]);
  if (counted!.count >= MAX_BUCKETS) throw bucketErrors.tooMany();
  const { href: endpoint } = await ctx.ports.outgoing.requireAllowed(input.endpoint);
  await requireWorking(ctx, { ...input, endpoint });
  const id = ctx.ids.create('bucket');
  const now = new Date(ctx.clock.now());
  const { secretAccessKey, ...fields } = input;
  const shown = { ...fields, endpoint };
  const row: Bucket = {
    ...shown,
    id,
    organizationId,
    sealedSecret: await sealSecret(ctx, id, secretAccessKey),
    status: 'working',
    problem: null,
    testedAt: now,
    createdBy: ctx.actor.kind === 'user' ? ctx.actor.userId : null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  return ctx.commit({
    write: (q) => [...insertBucket(q, row), keepRecordingsInBuckets(q, organizationId, now)],
    audit: { action: 'bucket.created', severity: 'warning', target: targetOf(row), after: shown },
    result: row,
  });
}

/** A change as the audit log records it; of the secret, only that it was replaced. */
function auditedChange(row: Bucket, { secretAccessKey, ...fields }: UpdateBucket) {
  const { before, after } = diffFields(row, fields);
  return { before, after: secretAccessKey === undefined ? after : { ...after, secretReplaced: true } };
}

/**
 * Changes the given fields of a bucket, and proves that it works with them before they are stored; a name alone needs no proof.
 * @throws AppError `buckets.not_found`, `buckets.test_failed`, `request.stale`, `outgoing.resolver_unavailable` or `auth.forbidden`
 */
export async function updateBucket(
  ctx: Ctx,
  bucketId: string,
  input: UpdateBucket,
  ifMatch: IfMatch,
): Promise<Bucket> {
  requirePermission(ctx.actor, 'buckets:write');
  const row = await getBucket(ctx, bucketId);
  requireVersion(row, ifMatch);
  const { secretAccessKey, ...fields } = input;
  const { name: _name, ...access } = input;
  const now = new Date(ctx.clock.now());
  const set: Partial<Bucket> = { ...fields, updatedAt: now };
  if (Object.keys(access).length > 0) {
    await requireWorking(ctx, { ...(await openForTest(ctx, row, secretAccessKey)), ...access });
    Object.assign(set, { status: 'working', problem: null, testedAt: now });
  }
  if (secretAccessKey !== undefined) set.sealedSecret = await sealSecret(ctx, row.id, secretAccessKey);
  return ctx.commit({
    write: (q) => [changeBucket(q, row, set)],
    audit: {
      action: 'bucket.updated',
      severity: 'warning',
      target: targetOf(row),
      ...auditedChange(row, input),
    },
    result: { ...row, ...set, version: row.version + 1 },
  });
}

/**
 * Removes a bucket from the organization; objects stored in it stay there, and recordings do not move to other storage.
 * @throws AppError as `getBucket`, `request.stale`
 */
export async function deleteBucket(ctx: Ctx, bucketId: string, ifMatch: IfMatch): Promise<void> {
  requirePermission(ctx.actor, 'buckets:write');
  const row = await getBucket(ctx, bucketId);
  requireVersion(row, ifMatch);
  const { name, endpoint, bucket } = row;
  return ctx.commit({
    write: (q) => [deleteBucketRow(q, row)],
    audit: {
      action: 'bucket.deleted',
      severity: 'warning',
      target: targetOf(row),
      before: { name, endpoint, bucket },
    },
    result: undefined,
  });
}
