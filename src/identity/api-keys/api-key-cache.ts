import { authErrors, type Actor } from '../../kernel/core/index.ts';
import type { ApiKeyUsage } from './api-keys.queries.ts';

export type ApiKeyActor = Extract<Actor, { kind: 'apiKey' }>;

const MAX_ACCEPTED_KEYS = 5_000;
const MAX_REJECTED_KEYS = 1_000;
/** Keys whose uses one look-up writes. */
const MAX_USAGES_PER_LOOKUP = 500;

/** Sets the entry and drops the oldest one above `maxSize`: a map iterates in the order of insertion. */
function setBounded<V>(map: Map<string, V>, key: string, value: V, maxSize: number): void {
  map.delete(key);
  if (map.size >= maxSize) map.delete(map.keys().next().value!);
  map.set(key, value);
}

/** Counts uses in the isolate until a look-up writes them to the database. */
export function createUsageCounter() {
  const counted = new Map<string, { uses: number; lastUsedAtMs: number }>();
  const add = (id: string, uses: number, atMs: number) => {
    const before = counted.get(id);
    counted.set(id, {
      uses: (before?.uses ?? 0) + uses,
      lastUsedAtMs: Math.max(before?.lastUsedAtMs ?? 0, atMs),
    });
  };
  return {
    add,
    /** Removes and returns what was counted, at most as many keys as one look-up writes. */
    drain(): ApiKeyUsage[] {
      const taken = [...counted].slice(0, MAX_USAGES_PER_LOOKUP);
      for (const [id] of taken) counted.delete(id);
      return taken.map(([id, { uses, lastUsedAtMs }]) => ({
        id,
        uses,
        lastUsedAt: new Date(lastUsedAtMs).toISOString(),
      }));
    },
    /** Puts back what could not be written. */
    restore(taken: readonly ApiKeyUsage[]): void {
      for (const { id, uses, lastUsedAt } of taken) add(id, uses, Date.parse(lastUsedAt));
    },
  };
}

/** Data of an isolate about keys that it has looked up. */
export function createApiKeyCache() {
  const accepted = new Map<string, { actor: ApiKeyActor; validUntilMs: number }>();
  const rejectedUntilMs = new Map<string, number>();
  return {
    /** The key's actor; undefined when it must be looked up. @throws AppError `auth.invalid_token` for a rejected key */
    read(secret: string, nowMs: number): ApiKeyActor | undefined {
      if (nowMs < (rejectedUntilMs.get(secret) ?? 0)) throw authErrors.invalidToken();
      const cached = accepted.get(secret);
      return cached && nowMs < cached.validUntilMs ? cached.actor : undefined;
    },
    accept(secret: string, actor: ApiKeyActor, validUntilMs: number): void {
      setBounded(accepted, secret, { actor, validUntilMs }, MAX_ACCEPTED_KEYS);
    },
    /** @returns whether the key was among the accepted ones */
    forget({ apiKeyId }: ApiKeyActor): boolean {
      const secrets = [...accepted].filter(([, { actor }]) => actor.apiKeyId === apiKeyId);
      for (const [secret] of secrets) accepted.delete(secret);
      return secrets.length > 0;
    },
    reject(secret: string, untilMs: number): void {
      accepted.delete(secret);
      setBounded(rejectedUntilMs, secret, untilMs, MAX_REJECTED_KEYS);
    },
  };
}
