import { type Services, systemScope } from '../../kernel/context/index.ts';
import { authErrors, SingleFlight } from '../../kernel/core/index.ts';
import { type ApiKeyActor, createApiKeyCache, createUsageCounter } from './api-key-cache.ts';
import { hashSecret, isWellFormedSecret } from './api-key-secret.ts';
import { addApiKeyUsage, selectKeyAndCountUse } from './api-keys.queries.ts';
import { permissionsOfScopes } from './api-keys.rules.ts';

type VerifierServices = Pick<Services, 'database' | 'hasher' | 'clock'>;

/** How long a look-up is valid where no database is asked; a batch proves the current secret and scopes. */
const CACHE_MS = 10_000;
/** How long a request waits for the look-up of another one. */
const JOIN_TIMEOUT_MS = 1_000;

export interface ApiKeyVerifier {
  /** Turns a key into its actor. @throws AppError `auth.invalid_token` for every fault of the key */
  verify(secret: string): Promise<ApiKeyActor>;
  /** Forgets what is remembered of a key; false when nothing is. */
  forget(actor: ApiKeyActor): boolean;
}

/**
 * Looks a key up, counts this use, and writes the uses that the isolate has counted, all in one round trip.
 * @returns the key's actor; undefined for a key that is not valid. Both are remembered in `cache`
 */
function createLookUp(
  { database, hasher, clock }: VerifierServices,
  cache: ReturnType<typeof createApiKeyCache>,
  usage: ReturnType<typeof createUsageCounter>,
) {
  return async (secret: string): Promise<ApiKeyActor | undefined> => {
    // Taken before the query: a change while the answer is under way must not be overlooked for longer.
    const now = clock.now();
    const secretHash = await hashSecret(hasher, secret);
    const counted = usage.drain();
    const [, [row]] = await database
      .read(
        systemScope,
        (q) => [addApiKeyUsage(q, counted), selectKeyAndCountUse(q, secretHash, new Date(now))] as const,
      )
      .catch((error: unknown) => {
        usage.restore(counted);
        throw error;
      });
    if (!row) {
      cache.reject(secret, now + CACHE_MS);
      return undefined;
    }
    const { id: apiKeyId, organizationId, plan, requestsPerMinute, scopes } = row;
    const actor: ApiKeyActor = {
      kind: 'apiKey',
      apiKeyId,
      proof: { secretHash, scopes },
      organizationId,
      plan,
      requestsPerMinute,
      permissions: permissionsOfScopes(scopes),
    };
    const expiries = [row.expiresAt, row.secretHash === secretHash ? null : row.previousValidUntil];
    const validUntilMs = Math.min(now + CACHE_MS, ...expiries.map((end) => end?.getTime() ?? Infinity));
    cache.accept(secret, actor, validUntilMs);
    return actor;
  };
}

/**
 * Verifies API keys, one verifier for each isolate. A valid key is looked up at most once in ten seconds of use,
 * however many requests come at once; a malformed one is refused without a look-up, and an invalid one is remembered
 * for as long.
 */
export function createApiKeyVerifier(services: VerifierServices): ApiKeyVerifier {
  const { hasher, clock } = services;
  const cache = createApiKeyCache();
  const usage = createUsageCounter();
  const lookUp = createLookUp(services, cache, usage);
  const lookUpsBySecret = new Map<string, SingleFlight>();

  const readCache = (secret: string): ApiKeyActor | undefined => {
    const now = clock.now();
    const actor = cache.read(secret, now);
    if (actor) usage.add(actor.apiKeyId, 1, now);
    return actor;
  };

  /** Looks the secret up, or uses the result of another request's look-up. */
  const joinLookUp = async (secret: string): Promise<ApiKeyActor | undefined> => {
    const lookUps = lookUpsBySecret.get(secret) ?? new SingleFlight({ timeoutMs: JOIN_TIMEOUT_MS });
    lookUpsBySecret.set(secret, lookUps);
    let actor: ApiKeyActor | undefined;
    try {
      const outcome = await lookUps.runOrWait(async () => {
        actor = await lookUp(secret);
      });
      return outcome === 'ran' ? actor : (readCache(secret) ?? (await lookUp(secret)));
    } finally {
      lookUpsBySecret.delete(secret);
    }
  };

  const verify = async (secret: string): Promise<ApiKeyActor> => {
    const cached = readCache(secret);
    if (cached) return cached;
    if (!(await isWellFormedSecret(hasher, secret))) throw authErrors.invalidToken();
    const actor = await joinLookUp(secret);
    if (!actor) throw authErrors.invalidToken();
    return actor;
  };
  return { verify, forget: (actor) => cache.forget(actor) };
}
