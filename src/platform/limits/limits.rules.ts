import { type Actor, actorId } from '../core/index.ts';
import type { LimitName } from '../http/index.ts';
import type { LimitedCall, LimitRule, LimitSubject } from './limits.ports.ts';

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
type Plan = (typeof PLANS)[keyof typeof PLANS];

/** All guests of an organization together: no crowd of them takes from what its members have. */
const GUESTS_PER_MINUTE = 10_000;
const OPERATOR_PER_MINUTE = 600;
/** Calls without a credential, on public routes and on paths that do not exist. */
const PUBLIC_PER_MINUTE = 300;
const REFUSED_CREDENTIALS_PER_MINUTE = 60;

/** The limits an operator may set for an organization; those that count addresses belong to none. */
export const OVERRIDABLE_LIMITS = ['api', 'organization', 'upload', 'ai', 'translation', 'memory'] as const;

const perMinute = (name: string, limit: number): LimitRule => ({
  name,
  limit,
  windowSeconds: WINDOW_SECONDS,
});

/** What a plan's name out of a credential stands for; an unknown one is the least. */
function planOf(name: string | null): Plan {
  return name !== null && Object.hasOwn(PLANS, name) ? PLANS[name as keyof typeof PLANS] : PLANS.free;
}

/** Whether a call counts for the address it comes from and not for who makes it. */
export function countsAddress(name: LimitName | undefined, actor: Actor): boolean {
  return name === undefined || name === 'auth' || name === 'health' || actor.kind === 'anonymous';
}

function ruleOfAddress(name: LimitName | undefined): LimitRule {
  if (name === 'health') return { ...perMinute(name, PER_MINUTE.health), failOpen: true };
  if (name === 'webhook' || name === 'socket') return perMinute(name, PER_MINUTE[name]);
  return perMinute('public', PUBLIC_PER_MINUTE);
}

/**
 * The rules of a call that counts for its address, tightest first.
 * @param operationId each sign-in operation is counted by itself
 * @param authPerMinute sign-in attempts an address has in a minute
 */
export function limitsOfAddress(
  { owner, subject }: LimitSubject,
  name: LimitName | undefined,
  operationId: string,
  authPerMinute: number = PER_MINUTE.auth,
): LimitedCall[] {
  if (name === 'auth')
    return [
      {
        who: { owner, subject: `${subject}:${operationId}` },
        rule: perMinute(name, authPerMinute),
      },
    ];
  return [{ who: { owner, subject }, rule: ruleOfAddress(name) }];
}

/** What counts a call whose credential was missing or refused: token guessing. */
export function limitsOfRefusal(who: LimitSubject): LimitedCall[] {
  return [{ who, rule: perMinute('refused-credentials', REFUSED_CREDENTIALS_PER_MINUTE) }];
}

type Holder = Extract<Actor, { kind: 'user' | 'apiKey' | 'guest' }>;

function limitsOfHolder(name: LimitName, actor: Holder): LimitedCall[] {
  const id = actorId(actor)!;
  const plan = planOf(actor.kind === 'guest' ? null : actor.plan);
  const organizationId = actor.organizationId;
  const who = { owner: organizationId ?? id, subject: id };
  const calls: LimitedCall[] = [];
  if (actor.kind === 'apiKey') calls.push({ who, rule: perMinute('api-key', actor.requestsPerMinute) });
  if (actor.kind !== 'apiKey' || name !== 'api')
    calls.push({ who, rule: perMinute(name, PER_MINUTE[name] * plan.factor) });
  if (name === 'api' && organizationId !== null)
    calls.push(
      actor.kind === 'guest'
        ? { who: { owner: organizationId, subject: 'guests' }, rule: perMinute('guests', GUESTS_PER_MINUTE) }
        : {
            who: { owner: organizationId, subject: 'all' },
            rule: perMinute('organization', plan.organizationPerMinute),
          },
    );
  return calls;
}

/** The rules of a call that counts for who makes it: their own first, then their organization's ceiling. */
export function limitsOfActor(name: LimitName, actor: Actor): LimitedCall[] {
  switch (actor.kind) {
    case 'user':
    case 'apiKey':
    case 'guest':
      return limitsOfHolder(name, actor);
    case 'operator':
      return [
        {
          who: { owner: 'operator', subject: actor.name },
          rule: { ...perMinute('operator', OPERATOR_PER_MINUTE), failOpen: true },
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
export function leaseSize(ask: {
  waiters: number;
  spent: number;
  limit: number;
  available: number;
  leftMs: number;
}): number {
  const needed = Math.min(ask.waiters, ask.available);
  if (ask.leftMs <= LATE_MS) return needed;
  const spare = (ask.available - needed) * LEASE_SHARE_OF_AVAILABLE;
  return needed + Math.floor(Math.min(ask.spent, ask.limit * LEASE_SHARE_OF_LIMIT, spare));
}
