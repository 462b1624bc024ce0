import type { Ctx } from '../../kernel/context/index.ts';
import { AppError } from '../../kernel/core/index.ts';
import { type OutgoingAnswer, outgoingErrors } from '../../platform/outgoing/index.ts';
import type { BucketProblem } from './buckets.enums.ts';
import { isMissing, problemOfRefusal, type TestStep } from './buckets.rules.ts';
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

const isSuccess = ({ status }: OutgoingAnswer) => status >= 200 && status < 300;
const textOf = ({ body }: OutgoingAnswer) => new TextDecoder().decode(body);

/** Sends one request of a test. @throws Found unless it is answered */
async function send(ctx: Ctx, access: BucketAccess, request: BucketRequest): Promise<OutgoingAnswer> {
  try {
    return await sendToBucket(ctx, access, request);
  } catch (error) {
    const problem = error instanceof AppError ? PROBLEM_BY_ERROR[error.code] : undefined;
    throw problem ? new Found(problem) : error;
  }
}

/** Sends one request of a test. @throws Found unless it succeeds */
async function requireSuccess(
  ctx: Ctx,
  access: BucketAccess,
  step: TestStep,
  request: BucketRequest,
): Promise<OutgoingAnswer> {
  const answer = await send(ctx, access, request);
  if (!isSuccess(answer)) throw new Found(problemOfRefusal(step, answer.status, textOf(answer)));
  return answer;
}

/** Checks that the deleted object is gone. @throws Found when it can be read, or something else is answered */
async function requireMissing(ctx: Ctx, access: BucketAccess, key: string): Promise<void> {
  const answer = await send(ctx, access, { method: 'GET', key });
  if (isSuccess(answer)) throw new Found('not_deleted');
  if (isMissing(answer.status, textOf(answer))) return;
  throw new Found(problemOfRefusal('read', answer.status, textOf(answer)));
}

/** Reads what was written. @throws Found when it differs, or has a checksum other than the bucket reports */
async function requireSame(
  ctx: Ctx,
  access: BucketAccess,
  key: string,
  written: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const { body, headers } = await requireSuccess(ctx, access, 'read', { method: 'GET', key });
  const checksum = await s3Checksum(written);
  const answered = headers.get('x-amz-checksum-sha256') ?? checksum;
  if ((await s3Checksum(body)) !== checksum || answered !== checksum) throw new Found('corrupted');
}

async function writeReadDelete(ctx: Ctx, access: BucketAccess): Promise<void> {
  const key = `${access.prefix}auralink-test-${ctx.ids.create('request')}`;
  const body = ctx.ids.random(TEST_BYTES);
  const writeAndRead = async () => {
    await requireSuccess(ctx, access, 'write', { method: 'PUT', key, body });
    await requireSame(ctx, access, key, body);
  };
  const [written] = await Promise.allSettled([writeAndRead()]);
  // Nothing is left behind, whatever was read, and even if a failed write was stored.
  const [deleted] = await Promise.allSettled([
    requireSuccess(ctx, access, 'delete', { method: 'DELETE', key }),
  ]);
  for (const step of [written, deleted]) if (step.status === 'rejected') throw step.reason;
  await requireMissing(ctx, access, key);
}

/**
 * Proves a bucket: writes an object of random bytes with its checksum, reads it, deletes it, and checks that it is
 * gone.
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
