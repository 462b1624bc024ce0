import { createHashingQueue, type HashingQueueOptions, unwrapHashingResult } from './hashing-queue.ts';
import type { PasswordHasher } from './passwords.ports.ts';

/** A hasher within this process, for tests and tools. */
export function createLocalPasswordHasher(options?: HashingQueueOptions): PasswordHasher {
  const queue = createHashingQueue(options);
  return {
    hash: async (_email, password, requester) => unwrapHashingResult(await queue.hash(password, requester)),
    verify: async (_email, password, hash, requester) =>
      unwrapHashingResult(await queue.verify(password, hash, requester)),
  };
}
