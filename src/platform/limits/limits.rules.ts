import { type Actor, actorId } from '../../kernel/core/index.ts';
import type { LimitName } from '../http/index.ts';
import type { AppliedLimit, LimitRule, LimitSubject } from '../http/index.ts';

const WINDOW_SECONDS = 60;
const HOUR_SECONDS = 3_600;

/** Requests per minute on the free plan, by kind of route. Routes without a credential count addresses, others a user,
 * API key or guest. */
const PER_MINUTE: Readonly<Record<LimitName, number>> = {
  api: 100,
  auth: 5,
  upload: 10,
  ai: 20,
  translation: 50,
  memory: 100,
  health: 600,
  documents: 600,
  webhook: 60_000,
  socket: 3_000,
};

/** By plan: the factor on a user's limits, and the ceiling of an organization's `api` requests per minute. */
const PLANS = {
  free: { factor: 1, organizationPerMinute: 1_000 },
  pro: { factor: 3, organizationPerMinute: 10_000 },
  enterprise: { factor: 10, organizationPerMinute: 100_000 },
  custom: { factor: 10, organizationPerMinute: 100_000 },
} as const;
type PlanLimits = (typeof PLANS)[keyof typeof PLANS];

/** Requests per minute on a plan: of one user, and of all users and API keys of an organization together. */
export function requestRatesOf(plan: keyof typeof PLANS): { user: number; organization: number } {
  const { factor, organizationPerMinute } = PLANS[plan];
  return { user: PER_MINUTE.api * factor, organization: organizationPerMinute };
}

/** All guests of an organization together, apart from its members, whose limit guests cannot use up. */
const GUESTS_PER_MINUTE = 10_000;
const OPERATOR_PER_MINUTE = 600;
/** Requests per address on public routes and unknown paths. */
const PUBLIC_PER_MINUTE = 300;
const REFUSED_CREDENTIALS_PER_MINUTE = 60;

/**
 * How many minutes' worth of sign-ups an address has in an hour. All count alike, so that the limit says nothing about the
 * addresses that were tried.
 */
const SIGN_UP_MINUTES_PER_HOUR = 6;

/** The limits an operator may set for an organization; limits that count addresses belong to no organization. */
export const OVERRIDABLE_LIMITS = ['api', 'organization', 'upload', 'ai', 'translation', 'memory'] as const;

const createMinuteRule = (name: string, limit: number): LimitRule => ({
  name,
  limit,
  windowSeconds: WINDOW_SECONDS,
});

/** The limits of the plan named in a credential; those of the free plan for an unknown name. */
function planLimitsOf(name: string | null): PlanLimits {
  return name !== null && Object.hasOwn(PLANS, name) ? PLANS[name as keyof typeof PLANS] : PLANS.free;
}

/** Limits of an address, for any caller; such a request is answered without counting when the limiter is down. */
const isOpen = (name: LimitName | undefined): name is 'health' | 'documents' =>
  name === 'health' || name === 'documents';

/** Whether a request is counted for its address and not for its actor. */
export function isCountedByAddress(name: LimitName | undefined, actor: Actor): boolean {
  return name === undefined || name === 'auth' || isOpen(name) || actor.kind === 'anonymous';
}

function ruleForAddress(name: LimitName | undefined): LimitRule {
  if (isOpen(name)) return { ...createMinuteRule(name, PER_MINUTE[name]), failOpen: true };
  if (name === 'webhook' || name === 'socket') return createMinuteRule(name, PER_MINUTE[name]);
  return createMinuteRule('public', PUBLIC_PER_MINUTE);
}

/**
 * The rules of a request that is counted for its address, tightest first.
 * @param operationId each sign-in operation is counted separately
 * @param authPerMinute sign-in attempts per address and minute
 */
export function limitsForAddress(
  { owner, subject }: LimitSubject,
  name: LimitName | undefined,
  operationId: string,
  authPerMinute: number = PER_MINUTE.auth,
): AppliedLimit[] {
  if (name === 'auth') {
    const target = { owner, subject: `${subject}:${operationId}` };
    const perMinute = { target, rule: createMinuteRule(name, authPerMinute) };
    if (operationId !== 'signUp') return [perMinute];
    const limit = authPerMinute * SIGN_UP_MINUTES_PER_HOUR;
    return [perMinute, { target, rule: { name: 'sign-ups', limit, windowSeconds: HOUR_SECONDS } }];
  }
  return [{ target: { owner, subject }, rule: ruleForAddress(name) }];
}

/** The rule of a request with a missing or invalid credential; it limits guessing. */
export function limitsForRejectedCredential(target: LimitSubject): AppliedLimit[] {
  return [{ target, rule: createMinuteRule('refused-credentials', REFUSED_CREDENTIALS_PER_MINUTE) }];
}

type CredentialHolder = Extract<Actor, { kind: 'user' | 'apiKey' | 'guest' }>;

function limitsForHolder(name: LimitName, actor: CredentialHolder): AppliedLimit[] {
  const id = actorId(actor)!;
  const plan = planLimitsOf(actor.kind === 'guest' ? null : actor.plan);
  const organizationId = actor.organizationId;
  const target = { owner: organizationId ?? id, subject: id };
  const limits: AppliedLimit[] = [];
  if (actor.kind === 'apiKey')
    limits.push({ target, rule: createMinuteRule('api-key', actor.requestsPerMinute) });
  if (actor.kind !== 'apiKey' || name !== 'api')
    limits.push({ target, rule: createMinuteRule(name, PER_MINUTE[name] * plan.factor) });
  if (name === 'api' && organizationId !== null)
    limits.push(
      actor.kind === 'guest'
        ? {
            target: { owner: organizationId, subject: 'guests' },
            rule: createMinuteRule('guests', GUESTS_PER_MINUTE),
          }
        : {
            target: { owner: organizationId, subject: 'all' },
            rule: createMinuteRule('organization', plan.organizationPerMinute),
          },
    );
  return limits;
}

/** The rules of a request that is counted for its actor: the actor's own, then the ceiling of the organization. */
export function limitsForActor(name: LimitName, actor: Actor): AppliedLimit[] {
  switch (actor.kind) {
    case 'user':
    case 'apiKey':
    case 'guest':
      return limitsForHolder(name, actor);
    case 'operator':
      return [
        {
          target: { owner: 'operator', subject: actor.name },
          rule: { ...createMinuteRule('operator', OPERATOR_PER_MINUTE), failOpen: true },
        },
      ];
    case 'system':
    case 'anonymous':
      return [];
  }
}

/** Most share of its limit that a lease grants in advance. */
export const LEASE_SHARE_OF_LIMIT = 1 / 10;
/** Most share of what is left that a lease grants in advance, so that the last admissions go out one by one. */
const LEASE_SHARE_OF_AVAILABLE = 1 / 8;
/** This close to the end of the window nothing is granted in advance, because it could not be spent in time. */
const LATE_MS = 1_000;

/**
 * How many admissions to grant: one per waiting caller, and in advance at most as many as the isolate spent itself. So
 * leases start at zero and double while they are used up. An isolate strands at most what it spent and at most a tenth
 * of the limit; all isolates together strand at most what was admitted.
 */
export function leaseSize(request: {
  waiters: number;
  spent: number;
  limit: number;
  available: number;
  leftMs: number;
}): number {
  const needed = Math.min(request.waiters, request.available);
  if (request.leftMs <= LATE_MS) return needed;
  const spare = (request.available - needed) * LEASE_SHARE_OF_AVAILABLE;
  return needed + Math.floor(Math.min(request.spent, request.limit * LEASE_SHARE_OF_LIMIT, spare));
}
