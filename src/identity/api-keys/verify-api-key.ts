import { type Services, systemScope } from '../../kernel/context/index.ts';
import { type Actor, authErrors, pollUntil } from '../../kernel/core/index.ts';
import { addApiKeyUsage, type ApiKeyUsage, selectKeyAndCountUse } from './api-keys.queries.ts';
import { permissionsOfScopes } from './api-keys.rules.ts';
import { hashSecret, isWellFormedSecret } from './api-key-secret.ts';

type ApiKeyActor = Extract<Actor, { kind: 'apiKey' }>;

interface CachedKey {
  actor: ApiKeyActor;
  validUntilMs: number;
}

/** How long a key is believed without asking again, and so how long a revoked one may live on. */
const CACHE_MS = 10_000;
const MAX_CACHED_KEYS = 5_000;
const MAX_REJECTED_KEYS = 1_000;
/** How long a look-up that another request leads is waited for. */
const JOIN_TIMEOUT_MS = 1_000;
/** Keys whose uses go along with one look-up. */
const MAX_USAGES_PER_LOOKUP = 500;

/** The newest stay: a map gives its oldest entry first. */
function setBounded<V>(map: Map<string, V>, key: string, value: V, maxSize: number): void {
  map.delete(key);
  if (map.size >= maxSize) map.delete(map.keys().next().value!);
  map.set(key, value);
}

/** Counts uses in the isolate until a look-up takes them to the database. */
function createUsageCounter() {
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
    drain(): ApiKeyUsage[] {
      const taken = [...counted].slice(0, MAX_USAGES_PER_LOOKUP);
      for (const [id] of taken) counted.delete(id);
      return taken.map(([id, { uses, lastUsedAtMs }]) => ({
        id,
        uses,
        lastUsedAt: new Date(lastUsedAtMs).toISOString(),
      }));
    },
    restore(taken: readonly ApiKeyUsage[]): void {
      for (const { id, uses, lastUsedAt } of taken) add(id, uses, Date.parse(lastUsedAt));
    },
  };
}

/**
 * Verifies API keys. A key is looked up at most once in ten seconds of use in each isolate, by one look-up however many
 * requests wait for it; what is malformed is refused without one, what is unknown is remembered as such as long.
 * @returns what turns a key into its actor. @throws AppError `auth.invalid_token`, whatever is wrong with the key
 */
export function createApiKeyVerifier({
  database,
  hasher,
  clock,
}: Pick<Services, 'database' | 'hasher' | 'clock'>) {
  const cachedKeys = new Map<string, CachedKey>();
  const rejectedUntilMs = new Map<string, number>();
  /** The look-ups under way. */
  const lookUpsInFlight = new Map<string, object>();
  const usageCounter = createUsageCounter();

  const lookUp = async (secret: string): Promise<ApiKeyActor | undefined> => {
    // Read before asking: what changes while the answer is on its way must not be believed for longer.
    const now = clock.now();
    const secretHash = await hashSecret(hasher, secret);
    const uses = usageCounter.drain();
    const [, [row]] = await database
      .read(
        systemScope,
        (q) => [addApiKeyUsage(q, uses), selectKeyAndCountUse(q, secretHash, new Date(now))] as const,
      )
      .catch((error: unknown) => {
        usageCounter.restore(uses);
        throw error;
      });
    if (!row) {
      cachedKeys.delete(secret);
      setBounded(rejectedUntilMs, secret, now + CACHE_MS, MAX_REJECTED_KEYS);
      return undefined;
    }
    const { id: apiKeyId, organizationId, plan, requestsPerMinute, scopes } = row;
    const expiries = [row.expiresAt, row.secretHash === secretHash ? null : row.previousValidUntil];
    const actor: ApiKeyActor = {
      kind: 'apiKey',
      apiKeyId,
      organizationId,
      plan,
      requestsPerMinute,
      permissions: permissionsOfScopes(scopes),
    };
    const validUntilMs = Math.min(now + CACHE_MS, ...expiries.map((end) => end?.getTime() ?? Infinity));
    setBounded(cachedKeys, secret, { actor, validUntilMs }, MAX_CACHED_KEYS);
    return actor;
  };

  const startLookUp = async (secret: string): Promise<ApiKeyActor> => {
    const lookUpInFlight = {};
    lookUpsInFlight.set(secret, lookUpInFlight);
    try {
      const actor = await lookUp(secret);
      if (!actor) throw authErrors.invalidToken();
      return actor;
    } finally {
      if (lookUpsInFlight.get(secret) === lookUpInFlight) lookUpsInFlight.delete(secret);
    }
  };

  /** What is known of the key, and one more use of it. @throws AppError when it is known to be no key */
  const readCache = (secret: string, now: number): ApiKeyActor | undefined => {
    if (now < (rejectedUntilMs.get(secret) ?? 0)) throw authErrors.invalidToken();
    const cachedKey = cachedKeys.get(secret);
    if (!cachedKey || now >= cachedKey.validUntilMs) return undefined;
    usageCounter.add(cachedKey.actor.apiKeyId, 1, now);
    return cachedKey.actor;
  };

  return async (secret: string): Promise<ApiKeyActor> => {
    const cachedActor = readCache(secret, clock.now());
    if (cachedActor) return cachedActor;
    if (!(await isWellFormedSecret(hasher, secret))) throw authErrors.invalidToken();
    const lookUpInFlight = lookUpsInFlight.get(secret);
    if (lookUpInFlight) {
      // Whoever leads may go away, and the runtime drops their look-up without a word: then this one leads.
      await pollUntil(() => lookUpsInFlight.get(secret) !== lookUpInFlight, JOIN_TIMEOUT_MS);
      const joinedActor = readCache(secret, clock.now());
      if (joinedActor) return joinedActor;
    }
    return startLookUp(secret);
  };
}
