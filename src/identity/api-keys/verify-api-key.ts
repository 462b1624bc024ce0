import { type Services, systemScope } from '../../platform/context/index.ts';
import { type Actor, authErrors, until } from '../../platform/core/index.ts';
import { addUses, type Uses, useSecret } from './api-keys.queries.ts';
import { permissionsOfScopes } from './api-keys.rules.ts';
import { hashOfSecret, isWellFormedSecret } from './secret.ts';

type ApiKeyActor = Extract<Actor, { kind: 'apiKey' }>;

interface Known {
  actor: ApiKeyActor;
  goodUntilMs: number;
}

/** How long a key is believed without asking again, and so how long a revoked one may live on. */
const FRESH_MS = 10_000;
const MAX_KNOWN = 5_000;
const MAX_REFUSED = 1_000;
/** How long a look-up that another request leads is waited for. */
const JOIN_MS = 1_000;
/** Keys whose uses go along with one look-up. */
const MAX_FLUSHED = 500;

/** The newest stay: a map gives its oldest entry first. */
function remember<V>(map: Map<string, V>, key: string, value: V, atMost: number): void {
  map.delete(key);
  if (map.size >= atMost) map.delete(map.keys().next().value!);
  map.set(key, value);
}

/** Counts uses in the isolate until a look-up takes them to the database. */
function createTally() {
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
    take(): Uses[] {
      const taken = [...counted].slice(0, MAX_FLUSHED);
      for (const [id] of taken) counted.delete(id);
      return taken.map(([id, { uses, lastUsedAtMs }]) => ({
        id,
        uses,
        lastUsedAt: new Date(lastUsedAtMs).toISOString(),
      }));
    },
    giveBack(taken: readonly Uses[]): void {
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
  const known = new Map<string, Known>();
  const refused = new Map<string, number>();
  /** The look-ups under way. */
  const lookups = new Map<string, object>();
  const tally = createTally();

  const lookUp = async (secret: string): Promise<ApiKeyActor | undefined> => {
    // Read before asking: what changes while the answer is on its way must not be believed for longer.
    const now = clock.now();
    const secretHash = await hashOfSecret(hasher, secret);
    const uses = tally.take();
    const [, [row]] = await database
      .read(systemScope, (q) => [addUses(q, uses), useSecret(q, secretHash, new Date(now))] as const)
      .catch((error: unknown) => {
        tally.giveBack(uses);
        throw error;
      });
    if (!row) {
      known.delete(secret);
      remember(refused, secret, now + FRESH_MS, MAX_REFUSED);
      return undefined;
    }
    const { id: apiKeyId, organizationId, plan, requestsPerMinute, scopes } = row;
    const ends = [row.expiresAt, row.secretHash === secretHash ? null : row.previousValidUntil];
    const actor: ApiKeyActor = {
      kind: 'apiKey',
      apiKeyId,
      organizationId,
      plan,
      requestsPerMinute,
      permissions: permissionsOfScopes(scopes),
    };
    const goodUntilMs = Math.min(now + FRESH_MS, ...ends.map((end) => end?.getTime() ?? Infinity));
    remember(known, secret, { actor, goodUntilMs }, MAX_KNOWN);
    return actor;
  };

  const leadLookUp = async (secret: string): Promise<ApiKeyActor> => {
    const flight = {};
    lookups.set(secret, flight);
    try {
      const actor = await lookUp(secret);
      if (!actor) throw authErrors.invalidToken();
      return actor;
    } finally {
      if (lookups.get(secret) === flight) lookups.delete(secret);
    }
  };

  /** What is known of the key, and one more use of it. @throws AppError when it is known to be no key */
  const recall = (secret: string, now: number): ApiKeyActor | undefined => {
    if (now < (refused.get(secret) ?? 0)) throw authErrors.invalidToken();
    const seen = known.get(secret);
    if (!seen || now >= seen.goodUntilMs) return undefined;
    tally.add(seen.actor.apiKeyId, 1, now);
    return seen.actor;
  };

  return async (secret: string): Promise<ApiKeyActor> => {
    const recalled = recall(secret, clock.now());
    if (recalled) return recalled;
    if (!(await isWellFormedSecret(hasher, secret))) throw authErrors.invalidToken();
    const flight = lookups.get(secret);
    if (flight) {
      // Whoever leads may go away, and the runtime drops their look-up without a word: then this one leads.
      await until(() => lookups.get(secret) !== flight, JOIN_MS);
      const landed = recall(secret, clock.now());
      if (landed) return landed;
    }
    return leadLookUp(secret);
  };
}
