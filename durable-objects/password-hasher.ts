import { DurableObject } from 'cloudflare:workers';
import {
  createHashingQueue,
  type HashingResult,
  type HashRequester,
  type PasswordVerification,
} from '../src/identity/passwords/index.ts';

/**
 * Hashes passwords one at a time, so that the isolates that serve requests are never blocked by it. Stores nothing:
 * callers ask again for what was waiting when the object went away.
 */
export class PasswordHasher extends DurableObject<Env> {
  readonly #queue = createHashingQueue();

  hash(password: string, requester: HashRequester): Promise<HashingResult<string>> {
    return this.#queue.hash(password, requester);
  }

  verify(
    password: string,
    hash: string,
    requester: HashRequester,
  ): Promise<HashingResult<PasswordVerification>> {
    return this.#queue.verify(password, hash, requester);
  }
}
