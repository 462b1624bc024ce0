import type { RequestOrigin } from '../../kernel/context/index.ts';
import {
  type Actor,
  actorOrganization,
  AppError,
  authErrors,
  permits,
  requestErrors,
  serverErrors,
} from '../../kernel/core/index.ts';
import type { LimitDecision, AppliedLimit, Limiter } from '../limits/index.ts';
import type { Route } from './route.ts';

/** What the door asks of the rooms that know people, keys and plans. */
export interface RequestGuard {
  /** @throws AppError `auth.*` */
  authenticate(authorization: string, origin: RequestOrigin): Promise<Actor>;
  /** @throws AppError `auth.*` unless it is the operator's credential */
  authenticateOperator(authorization: string): Promise<Actor>;
  /** The rules that count this call, each with whom it counts; `route` is undefined for a path that nobody answers. */
  limitsFor(
    route: Route | undefined,
    actor: Actor,
    origin: RequestOrigin,
  ): readonly AppliedLimit[] | Promise<readonly AppliedLimit[]>;
  /** The rules that count a call whose credential is missing or refused. */
  limitsForFailedAuthentication(origin: RequestOrigin): Promise<readonly AppliedLimit[]>;
}

export const ANONYMOUS_ACTOR: Actor = { kind: 'anonymous' };

/** What the door learns of a caller on the way in. */
export interface CallerState {
  origin: RequestOrigin;
  actor: Actor;
  limits: LimitDecision[];
}

/**
 * Takes one admission of each rule, and notes every decision for the answer's headers. Waits only for what is not at
 * hand.
 * @throws AppError `request.rate_limited`, or `server.unavailable` while nobody counts
 */
async function enforceLimits(
  calls: readonly AppliedLimit[],
  caller: CallerState,
  limiter: Limiter,
): Promise<void> {
  for (const { target, rule } of calls) {
    const taken = limiter.take(target, rule);
    const decision = taken instanceof Promise ? await taken : taken;
    caller.limits.push(decision);
    if (decision.admitted) continue;
    const { resetSeconds: retryAfterSeconds, cause } = decision;
    if (decision.degraded && !rule.failOpen)
      throw serverErrors.unavailable({ detail: 'calls cannot be counted', retryAfterSeconds, cause });
    const detail = `at most ${decision.rule.limit} in ${rule.windowSeconds} s`;
    throw requestErrors.rateLimited({ detail, retryAfterSeconds });
  }
}

async function authenticateCaller(
  { access }: Route,
  authorization: string | null,
  origin: RequestOrigin,
  guard: RequestGuard,
): Promise<Actor> {
  if (access.kind === 'public') return ANONYMOUS_ACTOR;
  if (access.kind === 'operator') return guard.authenticateOperator(authorization ?? '');
  if (authorization === null) throw authErrors.required();
  return guard.authenticate(authorization, origin);
}

/** @throws AppError `auth.forbidden` or `auth.no_organization` */
function requireRouteAccess({ access }: Route, actor: Actor): void {
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
export async function authorizeRequest(
  route: Route,
  authorization: string | null,
  caller: CallerState,
  guard: RequestGuard,
  limiter: Limiter,
): Promise<void> {
  const { origin } = caller;
  try {
    caller.actor = await authenticateCaller(route, authorization, origin, guard);
  } catch (error) {
    if (error instanceof AppError && error.definition.status === 401)
      await enforceLimits(await guard.limitsForFailedAuthentication(origin), caller, limiter);
    throw error;
  }
  const calls = guard.limitsFor(route, caller.actor, origin);
  await enforceLimits(calls instanceof Promise ? await calls : calls, caller, limiter);
  requireRouteAccess(route, caller.actor);
}

/** Counts a call to a path that nobody answers. */
export async function countUnmatchedRequest(
  caller: CallerState,
  guard: RequestGuard,
  limiter: Limiter,
): Promise<void> {
  await enforceLimits(await guard.limitsFor(undefined, ANONYMOUS_ACTOR, caller.origin), caller, limiter);
}
