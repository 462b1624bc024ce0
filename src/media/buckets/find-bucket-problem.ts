import type { Ctx } from '../../kernel/context/index.ts';
import { AppError } from '../../kernel/core/index.ts';
import { type OutgoingAnswer, outgoingErrors } from '../../platform/outgoing/index.ts';
import type { BucketProblem } from './buckets.enums.ts';
import { problemOfRefusal, type TestStep } from './buckets.rules.ts';
import { type BucketAccess, type BucketRequest, s3Checksum, sendToBucket } from './send-to-bucket.ts';

const TEST_BYTES = 1_024;

const PROBLEM_BY_ERROR: Readonly<Record<string, BucketProblem>> = {
  [outgoingErrors.addressRefused.definition.code]: 'address_refused',
  [outgoingErrors.unresolved.definition.code]: 'address_refused',
  [outgoingErrors.unreachable.definition.code]: 'unreachable',
  [outgoingErrors.redirected.definition.code]: 'wrong_region',
  [outgoingErrors.answerTooLarge.definition.code]: 'unexpected_answer',
};

/** Ends a test. */
class Found extends Error {
  readonly problem: BucketProblem;

  constructor(problem: BucketProblem) {
    super(problem);
    this.problem = problem;
  }
}

/** Sends one request of a test. @throws Found unless it succeeds or is answered with the status `orStatus` */
async function requireAnswer(
  ctx: Ctx,
  access: BucketAccess,
  step: TestStep,
  request: BucketRequest,
  orStatus?: number,
): Promise<OutgoingAnswer> {
  try {
    const answer = await sendToBucket(ctx, access, request);
    const { status, body } = answer;
    if ((status >= 200 && status < 300) || status === orStatus) return answer;
    throw new Found(problemOfRefusal(step, status, new TextDecoder().decode(body)));
  } catch (error) {
    const problem = error instanceof AppError ? PROBLEM_BY_ERROR[error.code] : undefined;
    throw problem ? new Found(problem) : error;
  }
}

/** Reads what was written. @throws Found when it differs, or has another checksum than the bucket says */
async function requireSame(
  ctx: Ctx,
  access: BucketAccess,
  key: string,
  written: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const { body, headers } = await requireAnswer(ctx, access, 'read', { method: 'GET', key });
  const checksum = await s3Checksum(written);
  const answered = headers.get('x-amz-checksum-sha256') ?? checksum;
  if ((await s3Checksum(body)) !== checksum || answered !== checksum) throw new Found('corrupted');
}

async function writeReadDelete(ctx: Ctx, access: BucketAccess): Promise<void> {
  const key = `${access.prefix}auralink-test-${ctx.ids.create('request')}`;
  const body = ctx.ids.random(TEST_BYTES);
  await requireAnswer(ctx, access, 'write', { method: 'PUT', key, body });
  const [read] = await Promise.allSettled([requireSame(ctx, access, key, body)]);
  // Whatever was read, nothing is left behind.
  const [deleted] = await Promise.allSettled([
    requireAnswer(ctx, access, 'delete', { method: 'DELETE', key }),
  ]);
  for (const step of [read, deleted]) if (step.status === 'rejected') throw step.reason;
  const { status } = await requireAnswer(ctx, access, 'read', { method: 'GET', key }, 404);
  if (status !== 404) throw new Found('not_deleted');
}

/**
 * Proves a bucket: writes an object of random bytes with its checksum, reads it, deletes it, and looks that it is gone.
 * @returns what is wrong with it, or null
 * @throws AppError `outgoing.resolver_unavailable`, which says nothing about the bucket
 */
export async function findBucketProblem(ctx: Ctx, access: BucketAccess): Promise<BucketProblem | null> {
  try {
    await writeReadDelete(ctx, access);
    return null;
  } catch (error) {
    if (error instanceof Found) return error.problem;
    throw error;
  }
}
