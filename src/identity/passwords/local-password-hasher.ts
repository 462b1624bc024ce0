import { createHashingQueue, type HashingQueueOptions, unwrapHashingResult } from './hashing-queue.ts';
import type { PasswordHasher } from './passwords.ports.ts';

/** A hasher within this process, for tests and tools. */
export function createLocalPasswordHasher(options?: HashingQueueOptions): PasswordHasher {
  const queue = createHashingQueue(options);
  return {
    hash: async (_email, password) => unwrapHashingResult(await queue.hash(password)),
    verify: async (_email, password, hash) => unwrapHashingResult(await queue.verify(password, hash)),
  };
}
