import type { Config } from '../../kernel/config/index.ts';
import { type Actor, permits, type PlanLimit } from '../../kernel/core/index.ts';

/** The limit in a refusal by the plan or by the spending limit. */
export interface LimitView extends Omit<PlanLimit, 'remedy' | 'moreSeats' | 'seatsNeeded'> {
  /** Path of the plans, some of which allow more. */
  plans: string;
  remedy: NonNullable<PlanLimit['remedy']>;
  /** How many more seats would help; null where they are no remedy. */
  moreSeats: number | null;
  /** Total number of seats that the subscription needs; null where they are no remedy. */
  seatsNeeded: number | null;
  /** The page of the web app on which the actor changes that; null for actors who may not, and for what support changes. */
  upgradeUrl: string | null;
  /** The recommended action, or the person to ask. */
  hint: string;
}

const PLANS_PATH = '/api/v1/billing/plans';

interface Hint {
  payer: string;
  others: string;
}

/** The hints: for users who may change it, and for all others. */
const HINTS: Readonly<Record<Exclude<LimitView['remedy'], 'more_seats'>, Hint>> = {
  larger_plan: {
    payer: 'Change to a plan that allows more.',
    others: 'Ask an owner of the organization to change to a plan that allows more.',
  },
  end_trial: {
    payer:
      'Add a payment method, and wait for the end of the trial, or change to a plan without a trial, which ends it.',
    others: 'Ask an owner of the organization to end the trial.',
  },
  contact_support: {
    payer: 'This was set for the organization, whatever its plan: contact support to change it.',
    others: 'This was set for the organization, whatever its plan: ask an owner to contact support.',
  },
  raise_limit: {
    payer: 'Raise the spending limit, or remove it.',
    others: 'Ask an owner of the organization to raise the spending limit.',
  },
};

function seatsHint(count: number, total: number | null): Hint {
  const seats = count === 1 ? '1 more seat' : `${count} more seats`;
  return {
    payer: `Buy ${seats}: set seats to ${total} in all with PATCH /api/v1/billing/subscription, or change to a plan that allows more.`,
    others: `Ask an owner of the organization to buy ${seats}, or to change to a plan that allows more.`,
  };
}

const mayPay = (actor: Actor) => 'permissions' in actor && permits(actor.permissions, 'billing:write');

/** The page of the web app about plan, payment methods and limits. */
export const billingPageOf = ({ APP_URL }: Pick<Config, 'APP_URL'>): string =>
  `${APP_URL.replace(/\/$/, '')}/billing`;

/** A refused limit as the actor may know it: what an organization spends is not shown to people outside it. */
export function presentLimit(
  { remedy, moreSeats = null, seatsNeeded = null, ...limit }: PlanLimit,
  actor: Actor,
  config: Pick<Config, 'APP_URL'>,
): LimitView {
  const kind = remedy ?? 'larger_plan';
  const isPayer = mayPay(actor);
  const hint = kind === 'more_seats' ? seatsHint(moreSeats ?? 1, seatsNeeded) : HINTS[kind];
  const isHidden = kind === 'raise_limit' && !('permissions' in actor);
  return {
    ...limit,
    ...(isHidden ? { value: null, used: null, left: null } : {}),
    plans: PLANS_PATH,
    remedy: kind,
    moreSeats,
    seatsNeeded,
    upgradeUrl: isPayer && kind !== 'contact_support' ? billingPageOf(config) : null,
    hint: hint[isPayer ? 'payer' : 'others'],
  };
}
