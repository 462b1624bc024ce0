import { serverErrors } from '../../platform/core/index.ts';
import {
  createHashingQueue,
  type Hashed,
  type HashingQueueOptions,
  type Verification,
} from './hashing-queue.ts';

/**
 * Hashes and checks passwords away from the isolate that serves requests: one hash costs hundreds of milliseconds of
 * computing and 16 MiB.
 */
export interface PasswordHasher {
  /**
   * @param email spreads the load; the same address always meets the same queue
   * @throws AppError `server.unavailable` when too many wait
   */
  hash(email: string, password: string): Promise<string>;
  /** @throws AppError `server.unavailable` when too many wait */
  verify(email: string, password: string, hash: string): Promise<Verification>;
}

declare module '../../platform/context/context.ts' {
  interface Ports {
    passwords: PasswordHasher;
  }
}

/** @throws AppError `server.unavailable` when the queue refused */
export function settled<T>(hashed: Hashed<T>): T {
  if (hashed.done) return hashed.value;
  const { retryAfterSeconds } = hashed;
  throw serverErrors.unavailable({ detail: 'too many people are signing in', retryAfterSeconds });
}

/** The same core within this process: for tests and tools. */
export function createLocalPasswordHasher(options?: HashingQueueOptions): PasswordHasher {
  const queue = createHashingQueue(options);
  return {
    hash: async (_email, password) => settled(await queue.hash(password)),
    verify: async (_email, password, hash) => settled(await queue.verify(password, hash)),
  };
}
