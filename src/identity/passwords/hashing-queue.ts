import { serverErrors } from '../../kernel/core/index.ts';
import { hashPassword, isOutdated, KDF_PARAMETERS, type KdfParameters, verifyPassword } from './kdf.ts';
import { createFairQueue } from './fair-queue.ts';
import type { HashRequester, PasswordVerification } from './passwords.ports.ts';

/** With more than this many of a kind waiting, a hash would take minutes: one of them is refused instead. */
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

interface Waiting {
  compute(): Promise<void>;
  refuse(): void;
}

export interface HashingQueue {
  hash(password: string, requester: HashRequester): Promise<HashingResult<string>>;
  verify(
    password: string,
    hash: string,
    requester: HashRequester,
  ): Promise<HashingResult<PasswordVerification>>;
}

export interface HashingQueueOptions {
  parameters?: KdfParameters;
  /** How many requests with a credential may wait, and as many without one. */
  maxWaiting?: number;
}

/** Computes one hash at a time, in an order that is fair to the requesters. */
export function createHashingQueue({
  parameters = KDF_PARAMETERS,
  maxWaiting = MAX_WAITING,
}: HashingQueueOptions = {}): HashingQueue {
  const withCredential = createFairQueue<Waiting>(maxWaiting);
  const withoutCredential = createFairQueue<Waiting>(maxWaiting);
  let isComputing = false;

  async function computeAll(first: Waiting): Promise<void> {
    isComputing = true;
    for (
      let next: Waiting | undefined = first;
      next;
      next = withCredential.take() ?? withoutCredential.take()
    )
      await next.compute();
    isComputing = false;
  }

  function enqueue<T>(requester: HashRequester, work: () => Promise<T>): Promise<HashingResult<T>> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        compute: () => work().then((value) => resolve({ done: true, value }), reject),
        refuse: () => resolve({ done: false, retryAfterSeconds: RETRY_AFTER_SECONDS }),
      };
      if (!isComputing) void computeAll(waiting);
      else (requester.proven ? withCredential : withoutCredential).add(requester.key, waiting)?.refuse();
    });
  }

  return {
    hash: (password, requester) => enqueue(requester, () => hashPassword(password, parameters)),
    verify: (password, hash, requester) =>
      enqueue(requester, async () => ({
        matches: await verifyPassword(password, hash),
        outdated: isOutdated(hash, parameters),
      })),
  };
}
