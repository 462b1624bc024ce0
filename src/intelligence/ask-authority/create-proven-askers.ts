import type { Actor, Clock } from '../../kernel/core/index.ts';
import type { ProvenAskers, ProvenGround } from './ask-authority.ports.ts';

/** How long a proof counts before it is repeated. */
const PROVEN_MS = 5_000;
const MAX_ASKERS = 1_000;

/** A key of all that a credential rests on; undefined for one that a batch does not prove in full. */
function credentialKey(actor: Actor): string | undefined {
  if (actor.kind === 'user' && actor.sessionId !== undefined)
    return [actor.organizationId, actor.userId, actor.sessionId, actor.role, actor.plan].join('|');
  if (actor.kind === 'apiKey' && actor.proof)
    return [actor.organizationId, actor.apiKeyId, actor.proof.secretHash, ...actor.proof.scopes].join('|');
  return undefined;
}

export function createProvenAskers(clock: Clock): ProvenAskers {
  const proven = new Map<string, { ground: ProvenGround; atMs: number }>();
  return {
    find(actor) {
      const key = credentialKey(actor);
      const found = key === undefined ? undefined : proven.get(key);
      return found && clock.now() - found.atMs < PROVEN_MS ? found.ground : undefined;
    },
    remember(actor, ground) {
      const key = credentialKey(actor);
      if (key === undefined) return;
      proven.delete(key);
      if (proven.size >= MAX_ASKERS) proven.delete(proven.keys().next().value!);
      proven.set(key, { ground, atMs: clock.now() });
    },
    forget(actor) {
      const key = credentialKey(actor);
      if (key !== undefined) proven.delete(key);
    },
  };
}
