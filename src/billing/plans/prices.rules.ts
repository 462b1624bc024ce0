import { type Micros, type UnitPrice } from '../../kernel/money/index.ts';
import {
  INCLUDED_METERS,
  INCLUDED_UNITS,
  type IncludedMeter,
  type PlanName,
} from '../../identity/entitlements/index.ts';

export const INTERVALS = ['monthly', 'yearly'] as const;
export type PlanInterval = (typeof INTERVALS)[number];

/**
 * The prices of a plan: for each interval (null where it is negotiated), a seat, and each unit beyond the included
 * amounts.
 */
export interface PlanPrices {
  price: Readonly<Record<PlanInterval, Micros | null>>;
  /** Price of a seat, one for each member beyond those that the plan includes. Null for a plan without seats. */
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

/** Price of one unit beyond the plan, in cents. */
const OVERAGE_CENTS: Readonly<Record<IncludedMeter, bigint>> = {
  participant_minutes: 1n,
  phone_minutes: 1n,
  ai_input_tokens: 50n,
  ai_output_tokens: 250n,
  ai_cache_read_tokens: 5n,
  ai_cache_write_tokens: 63n,
  ai_cache_write_hour_tokens: 100n,
  embedded_tokens: 10n,
  transcription_minutes: 1n,
  caption_minutes: 1n,
  recognized_minutes: 1n,
  spoken_characters: 2n,
  translated_characters: 2n,
};
const NANOS_PER_CENT = 10_000_000n;
const OVERAGE = Object.fromEntries(
  INCLUDED_METERS.map((meter) => [
    meter,
    { nanos: OVERAGE_CENTS[meter] * NANOS_PER_CENT, unitQuantity: BigInt(INCLUDED_UNITS[meter]) },
  ]),
) as Readonly<Record<IncludedMeter, UnitPrice>>;

export const PRICES: Readonly<Record<PlanName, PlanPrices>> = {
  free: { price: perMonth(0), seat: null, overage: OVERAGE, trialDays: 0 },
  pro: { price: perMonth(49), seat: perMonth(5), overage: OVERAGE, trialDays: 14 },
  enterprise: { price: perMonth(499), seat: perMonth(4), overage: OVERAGE, trialDays: 0 },
  custom: { price: { monthly: null, yearly: null }, seat: null, overage: OVERAGE, trialDays: 0 },
};
