import { serverErrors } from '../../kernel/core/index.ts';
import { hashPassword, isOutdated, KDF_PARAMETERS, type KdfParameters, verifyPassword } from './kdf.ts';
import type { PasswordVerification } from './passwords.ports.ts';

/** With more than this many waiting, a hash would take minutes: it is refused at once instead. */
export const MAX_WAITING = 32;

/** Seconds after which a retry is likely to succeed. */
const RETRY_AFTER_SECONDS = 5;

/** The answer of the queue. A value, because an error would lose its type between Durable Objects. */
export type HashingResult<T> = { done: true; value: T } | { done: false; retryAfterSeconds: number };

/** @throws AppError `server.unavailable` when the queue refused */
export function unwrapHashingResult<T>(result: HashingResult<T>): T {
  if (result.done) return result.value;
  const { retryAfterSeconds } = result;
  throw serverErrors.unavailable({ detail: 'too many users are signing in', retryAfterSeconds });
}

export interface HashingQueue {
  hash(password: string): Promise<HashingResult<string>>;
  verify(password: string, hash: string): Promise<HashingResult<PasswordVerification>>;
}

export interface HashingQueueOptions {
  parameters?: KdfParameters;
  maxWaiting?: number;
}

/** Computes one hash at a time, in the order of the calls; refuses when too many wait. */
export function createHashingQueue({
  parameters = KDF_PARAMETERS,
  maxWaiting = MAX_WAITING,
}: HashingQueueOptions = {}): HashingQueue {
  let pendingCount = 0;
  let lastTask: Promise<unknown> = Promise.resolve();

  async function enqueue<T>(work: () => Promise<T>): Promise<HashingResult<T>> {
    // One of the pending ones computes; the others wait.
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
