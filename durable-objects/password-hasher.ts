import { DurableObject } from 'cloudflare:workers';
import {
  createHashingQueue,
  type HashingResult,
  type PasswordVerification,
} from '../src/identity/passwords/index.ts';

/**
 * Hashes passwords, one at a time, so that no isolate that serves requests stands still for it. Keeps nothing: what
 * waits when the object goes away is asked for again by its caller.
 */
export class PasswordHasher extends DurableObject<Env> {
  readonly #queue = createHashingQueue();

  hash(password: string): Promise<HashingResult<string>> {
    return this.#queue.hash(password);
  }

  verify(password: string, hash: string): Promise<HashingResult<PasswordVerification>> {
    return this.#queue.verify(password, hash);
  }
}
