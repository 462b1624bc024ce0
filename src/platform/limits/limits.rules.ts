import { type Actor, actorId } from '../../kernel/core/index.ts';
import type { LimitName } from '../http/index.ts';
import type { AppliedLimit, LimitRule, LimitSubject } from './limits.ports.ts';

const WINDOW_SECONDS = 60;

/** Calls a minute on the free plan, by kind of route. What needs no credential counts addresses, the
 * others a person, a key or a guest. */
const PER_MINUTE: Readonly<Record<LimitName, number>> = {
  api: 100,
  auth: 5,
  upload: 10,
  ai: 20,
  translation: 50,
  memory: 100,
  health: 600,
  webhook: 60_000,
  socket: 3_000,
};

/** By plan: what multiplies a person's limits, and the ceiling over all `api` calls of an organization, a minute. */
const PLANS = {
  free: { factor: 1, organizationPerMinute: 1_000 },
  pro: { factor: 3, organizationPerMinute: 10_000 },
  enterprise: { factor: 10, organizationPerMinute: 100_000 },
  custom: { factor: 10, organizationPerMinute: 100_000 },
} as const;
type PlanLimits = (typeof PLANS)[keyof typeof PLANS];

/** All guests of an organization together: no crowd of them takes from what its members have. */
const GUESTS_PER_MINUTE = 10_000;
const OPERATOR_PER_MINUTE = 600;
/** Calls without a credential, on public routes and on paths that do not exist. */
const PUBLIC_PER_MINUTE = 300;
const REFUSED_CREDENTIALS_PER_MINUTE = 60;

/** The limits an operator may set for an organization; those that count addresses belong to none. */
export const OVERRIDABLE_LIMITS = ['api', 'organization', 'upload', 'ai', 'translation', 'memory'] as const;

const createMinuteRule = (name: string, limit: number): LimitRule => ({
  name,
  limit,
  windowSeconds: WINDOW_SECONDS,
});

/** What a plan's name out of a credential stands for; an unknown one is the least. */
function planLimitsOf(name: string | null): PlanLimits {
  return name !== null && Object.hasOwn(PLANS, name) ? PLANS[name as keyof typeof PLANS] : PLANS.free;
}

/** Whether a call counts for the address it comes from and not for who makes it. */
export function isCountedByAddress(name: LimitName | undefined, actor: Actor): boolean {
  return name === undefined || name === 'auth' || name === 'health' || actor.kind === 'anonymous';
}

function ruleForAddress(name: LimitName | undefined): LimitRule {
  if (name === 'health') return { ...createMinuteRule(name, PER_MINUTE.health), failOpen: true };
  if (name === 'webhook' || name === 'socket') return createMinuteRule(name, PER_MINUTE[name]);
  return createMinuteRule('public', PUBLIC_PER_MINUTE);
}

/**
 * The rules of a call that counts for its address, tightest first.
 * @param operationId each sign-in operation is counted by itself
 * @param authPerMinute sign-in attempts an address has in a minute
 */
export function limitsForAddress(
  { owner, subject }: LimitSubject,
  name: LimitName | undefined,
  operationId: string,
  authPerMinute: number = PER_MINUTE.auth,
): AppliedLimit[] {
  if (name === 'auth')
    return [
      {
        target: { owner, subject: `${subject}:${operationId}` },
        rule: createMinuteRule(name, authPerMinute),
      },
    ];
  return [{ target: { owner, subject }, rule: ruleForAddress(name) }];
}

/** What counts a call whose credential was missing or refused: token guessing. */
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

/** The rules of a call that counts for who makes it: their own first, then their organization's ceiling. */
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

/** No lease is larger than this share of its limit, beside what callers already wait for. */
export const LEASE_SHARE_OF_LIMIT = 1 / 10;
/** No lease is larger than this share of what is left, so that the last admissions go out one by one. */
const LEASE_SHARE_OF_AVAILABLE = 1 / 8;
/** So close to the window's end nothing is granted but what callers wait for: it could not be spent any more. */
const LATE_MS = 1_000;

/**
 * How many admissions to grant: one for each waiting caller, and in advance no more than the isolate has spent itself.
 * So leases begin at nothing and double while they are used up, and what an isolate can strand is at most what it has
 * spent, at most a tenth of the limit, and together never more than what was admitted.
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
