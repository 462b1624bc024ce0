import {
  CURRENT_PLAN_VERSION,
  INCLUDED_METERS,
  type IncludedMeter,
} from '../../identity/entitlements/index.ts';
import { type Micros, priceQuantity } from '../../kernel/money/index.ts';
import { INTERVALS, type PlanInterval, PRICES } from '../plans/index.ts';
import { SOLD_PLANS, type SoldPlan } from './providers.enums.ts';
import type { PlanChoice, PlanTerm } from './providers.ports.ts';

/** A price of a plan, or of a seat of a plan, as a provider has it. */
export interface PlanPrice extends PlanTerm {
  /** The name by which the price is found at every provider. */
  key: string;
  amount: Micros;
}

/** A price for each unit of a meter beyond what a plan includes. */
export interface OveragePrice {
  key: string;
  meter: IncludedMeter;
  interval: PlanInterval;
  /** Price of one whole unit, such as a minute. */
  amount: Micros;
}

export const CATALOG_CURRENCY = 'USD';

/** The name of usage beyond the plan on invoices. */
export const OVERAGE_NAMES: Readonly<Record<IncludedMeter, string>> = {
  participant_minutes: 'Additional participant minutes',
  phone_minutes: 'Additional telephone minutes',
  ai_input_tokens: 'Additional AI input, per 100,000 tokens',
  ai_output_tokens: 'Additional AI output, per 100,000 tokens',
  ai_cache_read_tokens: 'Additional AI input from a cache, per 100,000 tokens',
  ai_cache_write_tokens: 'Additional AI input kept for five minutes, per 100,000 tokens',
  ai_cache_write_hour_tokens: 'Additional AI input kept for an hour, per 100,000 tokens',
  embedded_tokens: 'Additional memory, per 1,000,000 tokens',
  transcription_minutes: 'Additional minutes of transcription',
  caption_minutes: 'Additional minutes of live captions',
  recognized_minutes: 'Additional minutes of recognized speech',
  spoken_characters: 'Additional speech, per 1,000 characters',
  translated_characters: 'Additional translation, per 1,000 characters',
};

/** `auralink_pro_monthly_v1` */
export const planPriceKey = ({ plan, interval, planVersion }: PlanTerm): string =>
  `auralink_${plan}_${interval}_v${planVersion}`;

/** `auralink_seat_pro_monthly_v1` */
export const seatPriceKey = ({ plan, interval, planVersion }: PlanTerm): string =>
  `auralink_seat_${plan}_${interval}_v${planVersion}`;

/** Whether a price is that of a seat, of any plan and version. */
export const isSeatKey = (key: string | null | undefined): boolean =>
  key?.startsWith('auralink_seat_') === true;

/** The name of seats on invoices. */
export const seatName = (plan: SoldPlan): string => `AuraLink ${plan[0]?.toUpperCase()}${plan.slice(1)} seat`;

/** `auralink_overage_participant_minutes_monthly_v1` */
export const overagePriceKey = (meter: IncludedMeter, interval: PlanInterval, version: number): string =>
  `auralink_overage_${meter}_${interval}_v${version}`;

/** Whether a price is that of usage beyond a plan, of any meter and version. */
export const isOverageKey = (key: string | null | undefined): boolean =>
  key?.startsWith('auralink_overage_') === true;

const PLAN_PRICE_KEY = /^auralink_([a-z]+)_(monthly|yearly)_v(\d{1,4})$/;

/** The plan that a price belongs to; null when it is not of this catalogue. */
export function termOfKey(key: string | null | undefined): PlanTerm | null {
  const [, plan, interval, version] = PLAN_PRICE_KEY.exec(key ?? '') ?? [];
  if (!SOLD_PLANS.includes(plan as SoldPlan)) return null;
  return { plan: plan as SoldPlan, interval: interval as PlanInterval, planVersion: Number(version) };
}

/** The choice that matches the prices of a subscription; null when the price of its plan is not in this catalogue. */
export function choiceOf(planKey: string | null | undefined, seats: number): PlanChoice | null {
  const term = termOfKey(planKey);
  return term && { ...term, seats };
}

/** A choice as one text, for a note at the provider: `auralink_pro_monthly_v1+3`. */
export const noteOfChoice = (choice: PlanChoice): string => `${planPriceKey(choice)}+${choice.seats}`;

/** The choice in such a note; null for another text. A note from before seats existed has none. */
export function choiceOfNote(note: string | null | undefined): PlanChoice | null {
  const [key, seats = '0'] = (note ?? '').split('+');
  return /^\d{1,6}$/.test(seats) ? choiceOf(key, Number(seats)) : null;
}

/** Whether two choices have the same price. */
export const isSameChoice = (one: PlanChoice | null, other: PlanChoice | null): boolean =>
  one === other || (one !== null && other !== null && noteOfChoice(one) === noteOfChoice(other));

/** The price of a plan; the plans that are sold have one. */
export function priceOfTerm({ plan, interval }: Pick<PlanTerm, 'plan' | 'interval'>): Micros {
  const amount = PRICES[plan].price[interval];
  if (amount === null) throw new Error(`the plan ${plan} has no ${interval} price`);
  return amount;
}

/** Every price of a plan that can be subscribed to now. */
export const planPrices = (): PlanPrice[] =>
  SOLD_PLANS.flatMap((plan) =>
    INTERVALS.map((interval) => {
      const term: PlanTerm = { plan, interval, planVersion: CURRENT_PLAN_VERSION };
      return { ...term, key: planPriceKey(term), amount: priceOfTerm(term) };
    }),
  );

/** Every price of a seat that can be subscribed to now. */
export const seatPrices = (): PlanPrice[] =>
  SOLD_PLANS.flatMap((plan) => {
    const { seat } = PRICES[plan];
    if (seat === null) return [];
    return INTERVALS.map((interval) => {
      const term: PlanTerm = { plan, interval, planVersion: CURRENT_PLAN_VERSION };
      return { ...term, key: seatPriceKey(term), amount: seat[interval] };
    });
  });

/** The prices of usage beyond what is included, which are part of each subscription of their interval. */
export const overagePrices = (): OveragePrice[] =>
  INTERVALS.flatMap((interval) =>
    INCLUDED_METERS.map((meter) => {
      const price = PRICES.pro.overage[meter];
      return {
        key: overagePriceKey(meter, interval, CURRENT_PLAN_VERSION),
        meter,
        interval,
        amount: priceQuantity(price.unitQuantity, price),
      };
    }),
  );
