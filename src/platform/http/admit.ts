import type { Origin } from '../context/index.ts';
import {
  type Actor,
  actorOrganization,
  AppError,
  authErrors,
  permits,
  requestErrors,
  serverErrors,
} from '../core/index.ts';
import type { LimitDecision, LimitedCall, Limiter } from '../limits/index.ts';
import type { Route } from './route.ts';

/** What the door asks of the rooms that know people, keys and plans. */
export interface Gatekeeper {
  /** @throws AppError `auth.*` */
  authenticate(authorization: string, origin: Origin): Promise<Actor>;
  /** @throws AppError `auth.*` unless it is the operator's credential */
  authenticateOperator(authorization: string): Promise<Actor>;
  /** The rules that count this call, each with whom it counts; `route` is undefined for a path that nobody answers. */
  limitsFor(
    route: Route | undefined,
    actor: Actor,
    origin: Origin,
  ): readonly LimitedCall[] | Promise<readonly LimitedCall[]>;
  /** The rules that count a call whose credential is missing or refused. */
  limitsForRefusal(origin: Origin): Promise<readonly LimitedCall[]>;
}

export const ANONYMOUS: Actor = { kind: 'anonymous' };

/** What the door learns of a caller on the way in. */
export interface Entrance {
  origin: Origin;
  actor: Actor;
  limits: LimitDecision[];
}

/**
 * Takes one admission of each rule, and notes every decision for the answer's headers. Waits only for what is not at
 * hand.
 * @throws AppError `request.rate_limited`, or `server.unavailable` while nobody counts
 */
async function count(calls: readonly LimitedCall[], entrance: Entrance, limiter: Limiter): Promise<void> {
  for (const { who, rule } of calls) {
    const taken = limiter.take(who, rule);
    const decision = taken instanceof Promise ? await taken : taken;
    entrance.limits.push(decision);
    if (decision.admitted) continue;
    const { resetSeconds: retryAfterSeconds, cause } = decision;
    if (decision.degraded && !rule.failOpen)
      throw serverErrors.unavailable({ detail: 'calls cannot be counted', retryAfterSeconds, cause });
    const detail = `at most ${decision.rule.limit} in ${rule.windowSeconds} s`;
    throw requestErrors.rateLimited({ detail, retryAfterSeconds });
  }
}

async function identify(
  { access }: Route,
  authorization: string | null,
  origin: Origin,
  gatekeeper: Gatekeeper,
): Promise<Actor> {
  if (access.kind === 'public') return ANONYMOUS;
  if (access.kind === 'operator') return gatekeeper.authenticateOperator(authorization ?? '');
  if (authorization === null) throw authErrors.required();
  return gatekeeper.authenticate(authorization, origin);
}

/** @throws AppError `auth.forbidden` or `auth.no_organization` */
function requireAccess({ access }: Route, actor: Actor): void {
  if (access.kind === 'user' && actor.kind !== 'user')
    throw authErrors.forbidden({ detail: 'this route is for a signed-in person' });
  if (actor.kind === 'guest') {
    if (access.kind === 'permission' && access.guests) return;
    throw authErrors.forbidden({ detail: 'this route is not for guests of a room' });
  }
  if (access.kind === 'permission') {
    if (actorOrganization(actor) === null) throw authErrors.noOrganization();
    const granted = actor.kind === 'user' || actor.kind === 'apiKey' ? actor.permissions : [];
    if (!permits(granted, access.permission))
      throw authErrors.forbidden({ detail: `needs ${access.permission}` });
  }
}

/**
 * Lets a caller in: credential, limits, permission. A refused credential is counted for its address, so that guessing
 * is limited; one that is valid is never turned away for what others at the same address got wrong.
 */
export async function admit(
  route: Route,
  authorization: string | null,
  entrance: Entrance,
  gatekeeper: Gatekeeper,
  limiter: Limiter,
): Promise<void> {
  const { origin } = entrance;
  try {
    entrance.actor = await identify(route, authorization, origin, gatekeeper);
  } catch (error) {
    if (error instanceof AppError && error.definition.status === 401)
      await count(await gatekeeper.limitsForRefusal(origin), entrance, limiter);
    throw error;
  }
  const calls = gatekeeper.limitsFor(route, entrance.actor, origin);
  await count(calls instanceof Promise ? await calls : calls, entrance, limiter);
  requireAccess(route, entrance.actor);
}

/** Counts a call to a path that nobody answers. */
export async function countLost(entrance: Entrance, gatekeeper: Gatekeeper, limiter: Limiter): Promise<void> {
  await count(await gatekeeper.limitsFor(undefined, ANONYMOUS, entrance.origin), entrance, limiter);
}
