import { type Actor, actorId, actorOrganization, type Clock } from '../core/index.ts';
import { type Credential, type DbScope, systemScope } from '../db/index.ts';

/** The scope of an actor's statements: its organization; a system actor without one has no tenant. */
export function scopeOf(actor: Actor): DbScope {
  const organizationId = actorOrganization(actor);
  return actor.kind === 'system' && organizationId === null
    ? systemScope
    : { role: 'app', organizationId, userId: actorId(actor) };
}

/**
 * The credential that each batch of the actor proves; undefined for an actor without one. A guest's admission is proven
 * by the room.
 * @param ownAccount whether the actor uses only their own account, so that their membership does not count
 */
export function credentialOf(actor: Actor, ownAccount: boolean, clock: Clock): Credential | undefined {
  if (actor.kind !== 'user' && actor.kind !== 'apiKey' && actor.kind !== 'guest') return undefined;
  const now = new Date(clock.now()).toISOString();
  const organization = actor.organizationId ?? undefined;
  if (actor.kind === 'guest') return { now, organization };
  if (actor.kind === 'apiKey') return { now, organization, apiKey: actor.apiKeyId, ...actor.proof };
  const { userId: user, sessionId: session, role, plan } = actor;
  return ownAccount
    ? { now, user, session }
    : { now, user, session, organization, role: role ?? undefined, plan: plan ?? undefined };
}
