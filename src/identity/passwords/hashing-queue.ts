import { serverErrors } from '../../kernel/core/index.ts';
import { hashPassword, isOutdated, KDF_PARAMETERS, type KdfParameters, verifyPassword } from './kdf.ts';
import type { PasswordVerification } from './passwords.ports.ts';

/** More than this many waiting means minutes, not seconds: better refused at once. */
export const MAX_WAITING = 32;

/** Seconds after which a full queue is worth another try. */
const RETRY_AFTER_SECONDS = 5;

/** The answer of the queue, as it travels between objects: an error would lose its type on the way. */
export type HashingResult<T> = { done: true; value: T } | { done: false; retryAfterSeconds: number };

/** @throws AppError `server.unavailable` when the queue refused */
export function unwrapHashingResult<T>(result: HashingResult<T>): T {
  if (result.done) return result.value;
  const { retryAfterSeconds } = result;
  throw serverErrors.unavailable({ detail: 'too many people are signing in', retryAfterSeconds });
}

export interface HashingQueue {
  hash(password: string): Promise<HashingResult<string>>;
  verify(password: string, hash: string): Promise<HashingResult<PasswordVerification>>;
}

export interface HashingQueueOptions {
  parameters?: KdfParameters;
  maxWaiting?: number;
}

/** Computes one hash at a time, in the order they were asked for; refuses when too many wait. */
export function createHashingQueue({
  parameters = KDF_PARAMETERS,
  maxWaiting = MAX_WAITING,
}: HashingQueueOptions = {}): HashingQueue {
  let pendingCount = 0;
  let lastTask: Promise<unknown> = Promise.resolve();

  async function enqueue<T>(work: () => Promise<T>): Promise<HashingResult<T>> {
    // One computes, the others wait.
    if (pendingCount > maxWaiting) return { done: false, retryAfterSeconds: RETRY_AFTER_SECONDS };
    pendingCount++;
    const task = lastTask.then(work, work);
    lastTask = task;
    try {
      return { done: true, value: await task };
    } finally {
      pendingCount--;
    }
  }

  return {
    hash: (password) => enqueue(() => hashPassword(password, parameters)),
    verify: (password, hash) =>
      enqueue(async () => ({
        matches: await verifyPassword(password, hash),
        outdated: isOutdated(hash, parameters),
      })),
  };
}
