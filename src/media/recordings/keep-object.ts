import type { Ctx } from '../../kernel/context/index.ts';
import { serverErrors } from '../../kernel/core/index.ts';
import { type Bucket, openBucket, sendToBucket } from '../buckets/index.ts';
import type { RecordingToAdvance } from './recordings.queries.ts';
import { moveTo, type RecordingChange } from './recordings.rules.ts';
import { changeByObject, REFUSED_MS, type StoredObject, UNVERIFIED_MS } from './report.rules.ts';

/** What the bucket has: an object, none, or an answer that it does not give to this access key. */
type BucketAnswer = { object: StoredObject | null } | 'refused';

/**
 * Asks the bucket for an object without its bytes.
 * @returns `refused` for 403, which S3 also answers about a missing object when the access key may not list the bucket
 * @throws AppError `server.unavailable` when the bucket does not say, or what the guard of outgoing addresses throws
 */
export async function readObject(ctx: Ctx, bucket: Bucket, key: string): Promise<BucketAnswer> {
  const { status, headers } = await sendToBucket(ctx, await openBucket(ctx, bucket), { method: 'HEAD', key });
  if (status === 404) return { object: null };
  if (status === 403) return 'refused';
  const length = headers.get('content-length');
  if (status !== 200 || length === null)
    throw serverErrors.unavailable({ detail: `the bucket answered ${status}` });
  return { object: { sizeBytes: Number(length), etag: headers.get('etag') } };
}

/**
 * Compares the object of a recording that has ended to what was reported.
 * @throws what `readObject` throws, until it is given up
 */
export async function verifyObject(
  ctx: Ctx,
  { recording, bucket }: RecordingToAdvance,
): Promise<RecordingChange> {
  const nowMs = ctx.clock.now();
  const giveUp = () => moveTo(recording, 'failed', 'not_verified', nowMs);
  const lastedMs = nowMs - recording.stateAt.getTime();
  if (!bucket) return moveTo(recording, 'failed', 'bucket_removed', nowMs);
  try {
    const answer = await readObject(ctx, bucket, recording.objectKey);
    if (answer !== 'refused') return changeByObject(recording, answer.object, nowMs);
  } catch (error) {
    if (lastedMs < UNVERIFIED_MS) throw error;
    return giveUp();
  }
  return lastedMs >= REFUSED_MS ? giveUp() : {};
}

/** Deletes the object; one that is not there is deleted. @throws AppError `server.unavailable` when the bucket does not */
export async function deleteObject(
  ctx: Ctx,
  { recording, bucket }: RecordingToAdvance,
): Promise<RecordingChange> {
  if (bucket) {
    const access = await openBucket(ctx, bucket);
    const { status } = await sendToBucket(ctx, access, { method: 'DELETE', key: recording.objectKey });
    if (status >= 300 && status !== 404)
      throw serverErrors.unavailable({ detail: `the bucket answered ${status}` });
  }
  const state = recording.deletionCause === 'expired' ? 'expired' : 'deleted';
  return moveTo(recording, state, recording.reason, ctx.clock.now());
}
