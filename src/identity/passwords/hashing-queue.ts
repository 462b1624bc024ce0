import { serverErrors } from '../../platform/core/index.ts';
import { hashPassword, isOutdated, KDF_PARAMETERS, type KdfParameters, verifyPassword } from './kdf.ts';
import type { Verification } from './passwords.ports.ts';

/** More than this many waiting means minutes, not seconds: better refused at once. */
export const MAX_WAITING = 32;

/** Seconds after which a full queue is worth another try. */
const RETRY_AFTER_SECONDS = 5;

/** The answer of the queue, as it travels between objects: an error would lose its type on the way. */
export type Hashed<T> = { done: true; value: T } | { done: false; retryAfterSeconds: number };

/** @throws AppError `server.unavailable` when the queue refused */
export function settled<T>(hashed: Hashed<T>): T {
  if (hashed.done) return hashed.value;
  const { retryAfterSeconds } = hashed;
  throw serverErrors.unavailable({ detail: 'too many people are signing in', retryAfterSeconds });
}

export interface HashingQueue {
  hash(password: string): Promise<Hashed<string>>;
  verify(password: string, hash: string): Promise<Hashed<Verification>>;
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
  let inHand = 0;
  let last: Promise<unknown> = Promise.resolve();

  async function inTurn<T>(work: () => Promise<T>): Promise<Hashed<T>> {
    // One computes, the others wait.
    if (inHand > maxWaiting) return { done: false, retryAfterSeconds: RETRY_AFTER_SECONDS };
    inHand++;
    const turn = last.then(work, work);
    last = turn;
    try {
      return { done: true, value: await turn };
    } finally {
      inHand--;
    }
  }

  return {
    hash: (password) => inTurn(() => hashPassword(password, parameters)),
    verify: (password, hash) =>
      inTurn(async () => ({
        matches: await verifyPassword(password, hash),
        outdated: isOutdated(hash, parameters),
      })),
  };
}
