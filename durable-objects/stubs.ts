import { type Hashed, type PasswordHasher, settled } from '../src/identity/passwords/index.ts';
import { serverErrors, sha256Hex } from '../src/platform/core/index.ts';
import type { Limiter } from '../src/platform/limits/index.ts';

/** The only file that knows how live objects are named. */
export function orgLimiter(namespace: Env['ORG_LIMITER']): Limiter {
  return {
    async take({ owner, subject }, rule) {
      const decision = await namespace
        .getByName(owner)
        .take(subject, rule.name, rule.limit, rule.windowSeconds);
      return { ...decision, rule };
    },
  };
}

/** How many objects share the password hashing: each computes one hash at a time. */
const PASSWORD_SHARDS = 16;

/** The same address always meets the same object, so that a storm on one account delays one sixteenth of the others. */
export function passwordHasher(namespace: Env['PASSWORD_HASHER']): PasswordHasher {
  const ask = async <T>(
    email: string,
    question: (stub: ReturnType<typeof namespace.getByName>) => Promise<Hashed<T>>,
  ): Promise<T> => {
    const shard = Number.parseInt((await sha256Hex(email)).slice(0, 4), 16) % PASSWORD_SHARDS;
    let answer: Hashed<T>;
    try {
      answer = await question(namespace.getByName(`shard-${shard}`));
    } catch (cause) {
      throw serverErrors.unavailable({ detail: 'the password check is not available', cause });
    }
    return settled(answer);
  };
  return {
    hash: (email, password) => ask(email, (stub) => stub.hash(password)),
    verify: (email, password, hash) => ask(email, (stub) => stub.verify(password, hash)),
  };
}
