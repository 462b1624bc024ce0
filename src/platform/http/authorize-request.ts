import type { RequestOrigin } from '../../kernel/context/index.ts';
import {
  type Actor,
  actorOrganization,
  type AppError,
  authErrors,
  hasStatus,
  isError,
  permits,
  requestErrors,
  serverErrors,
} from '../../kernel/core/index.ts';
import type { LimitDecision, AppliedLimit, Limiter, LimitRule } from './http.ports.ts';
import type { Route } from './route.ts';

/** The port to the modules for users, API keys and plans. */
export interface RequestGuard {
  /** A plain value when nothing has to be waited for, the usual case. @throws AppError `auth.*` */
  authenticate(authorization: string, origin: RequestOrigin): Actor | Promise<Actor>;
  /** An API key in `X-API-Key`; no other credential is taken there. @throws AppError `auth.*` */
  authenticateKey(apiKey: string): Actor | Promise<Actor>;
  /** Forgets what is remembered of the actor's credential, so that it is read again; false when nothing is. */
  forget(actor: Actor): boolean;
  /** @throws AppError `auth.*` unless it is the operator's credential */
  authenticateOperator(authorization: string): Promise<Actor>;
  /** The rate limits of this request, each with the subject it counts; `route` is undefined for an unknown path. */
  limitsFor(
    route: Route | undefined,
    actor: Actor,
    origin: RequestOrigin,
  ): readonly AppliedLimit[] | Promise<readonly AppliedLimit[]>;
  /** The rate limits of a request whose credential is missing or invalid. */
  limitsForFailedAuthentication(origin: RequestOrigin): Promise<readonly AppliedLimit[]>;
}

export const ANONYMOUS_ACTOR: Actor = { kind: 'anonymous' };

/** The facts about the caller that the pipeline has found so far. */
export interface CallerState {
  origin: RequestOrigin;
  actor: Actor;
  limits: LimitDecision[];
}

function toLimitError(decision: LimitDecision, rule: LimitRule): AppError {
  const { resetSeconds: retryAfterSeconds, cause } = decision;
  if (decision.degraded && !rule.failOpen)
    return serverErrors.unavailable({
      detail: 'the rate limiter is not available',
      retryAfterSeconds,
      cause,
    });
  const detail = `at most ${decision.rule.limit} requests in ${rule.windowSeconds} s`;
  return requestErrors.rateLimited({ detail, retryAfterSeconds });
}

/**
 * Counts the request against each limit and records every decision for the response headers. A decision that is known
 * at once is not awaited: an `await` would cost a turn on the hot path.
 * @throws AppError `request.rate_limited`, or `server.unavailable` when the limiter fails and the limit may not fail open
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
    if (!decision.admitted) throw toLimitError(decision, rule);
  }
}

function authenticateCaller(
  { access }: Route,
  headers: Headers,
  origin: RequestOrigin,
  guard: RequestGuard,
): Actor | Promise<Actor> {
  if (access.kind === 'public') return ANONYMOUS_ACTOR;
  const authorization = headers.get('authorization');
  if (access.kind === 'operator') return guard.authenticateOperator(authorization ?? '');
  if (authorization !== null) return guard.authenticate(authorization, origin);
  const apiKey = headers.get('x-api-key');
  if (apiKey === null) throw authErrors.required();
  return guard.authenticateKey(apiKey);
}

/** Whether the membership that an access token states does not count for the operation. */
export const concernsOwnAccount = ({ access }: Route): boolean =>
  access.kind === 'credential' || (access.kind === 'user' && !access.inOrganization);

/** @throws AppError `auth.forbidden` or `auth.no_organization` */
function requireRouteAccess({ access }: Route, actor: Actor): void {
  if (access.kind === 'user' && actor.kind !== 'user')
    throw authErrors.forbidden({ detail: 'this endpoint is only for signed-in users' });
  if (actor.kind === 'guest') {
    if (access.kind === 'permission' && access.guests) return;
    throw authErrors.forbidden({ detail: 'this endpoint is not for guests' });
  }
  if (access.kind === 'permission') {
    if (actorOrganization(actor) === null) throw authErrors.noOrganization();
    const granted = actor.kind === 'user' || actor.kind === 'apiKey' ? actor.permissions : [];
    if (!permits(granted, access.permission))
      throw authErrors.forbidden({ detail: `requires the permission ${access.permission}` });
  }
}

/**
 * Authenticates the caller, counts the request against its limits and checks the permission. An invalid credential
 * counts against the address, which limits guessing; a valid one is never refused for failed attempts from its address.
 * @throws AppError `auth.*`, `request.rate_limited` or `server.unavailable`
 */
export async function authorizeRequest(
  route: Route,
  headers: Headers,
  caller: CallerState,
  guard: RequestGuard,
  limiter: Limiter,
): Promise<void> {
  const { origin } = caller;
  try {
    const actor = authenticateCaller(route, headers, origin, guard);
    caller.actor = actor instanceof Promise ? await actor : actor;
  } catch (error) {
    if (hasStatus(error, 401))
      await enforceLimits(await guard.limitsForFailedAuthentication(origin), caller, limiter);
    throw error;
  }
  const calls = guard.limitsFor(route, caller.actor, origin);
  await enforceLimits(calls instanceof Promise ? await calls : calls, caller, limiter);
  requireRouteAccess(route, caller.actor);
}

/**
 * Reads the caller's credential once more after the database has refused it as outdated: the scopes of an API key have
 * changed since it was looked up.
 * @returns whether the caller was read again, so that the operation can be tried again
 * @throws AppError `auth.*` when the credential no longer suffices
 */
export async function reauthorizeRequest(
  error: unknown,
  route: Route,
  headers: Headers,
  caller: CallerState,
  guard: RequestGuard,
): Promise<boolean> {
  const isOutdated = isError(error, authErrors.outdatedToken);
  if (!isOutdated || !guard.forget(caller.actor)) return false;
  caller.actor = await authenticateCaller(route, headers, caller.origin, guard);
  requireRouteAccess(route, caller.actor);
  return true;
}

/** Counts a request to an unknown path. @throws AppError `request.rate_limited` or `server.unavailable` */
export async function countUnmatchedRequest(
  caller: CallerState,
  guard: RequestGuard,
  limiter: Limiter,
): Promise<void> {
  await enforceLimits(await guard.limitsFor(undefined, ANONYMOUS_ACTOR, caller.origin), caller, limiter);
}
