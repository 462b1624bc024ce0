import { type Micros, type UnitPrice } from '../../kernel/money/index.ts';
import { type IncludedMeter, type PlanName } from '../../identity/entitlements/index.ts';

export const INTERVALS = ['monthly', 'yearly'] as const;
export type PlanInterval = (typeof INTERVALS)[number];

/** What a plan costs: per interval, null where it is agreed on; each seat; and each unit beyond what is included. */
export interface PlanPrices {
  price: Readonly<Record<PlanInterval, Micros | null>>;
  /** Of a seat: of each member beyond those that the plan includes. Null for a plan without seats. */
  seat: Readonly<Record<PlanInterval, Micros>> | null;
  overage: Readonly<Record<IncludedMeter, UnitPrice>>;
  /** Days without a charge at the start of a first subscription. */
  trialDays: number;
}

const dollars = (amount: number): Micros => BigInt(amount) * 1_000_000n;
/** A year costs ten months. */
const MONTHS_PAID_PER_YEAR = 10;
const perMonth = (amount: number) => ({
  monthly: dollars(amount),
  yearly: dollars(amount * MONTHS_PAID_PER_YEAR),
});

/** 0.01 USD for a participant minute (60,000 ms). */
const OVERAGE = {
  participant_minutes: { nanos: 10_000_000n, unitQuantity: 60_000n },
} as const;

export const PRICES: Readonly<Record<PlanName, PlanPrices>> = {
  free: { price: perMonth(0), seat: null, overage: OVERAGE, trialDays: 0 },
  pro: { price: perMonth(49), seat: perMonth(5), overage: OVERAGE, trialDays: 14 },
  enterprise: { price: perMonth(499), seat: perMonth(4), overage: OVERAGE, trialDays: 0 },
  custom: { price: { monthly: null, yearly: null }, seat: null, overage: OVERAGE, trialDays: 0 },
};
