import {
  CURRENT_PLAN_VERSION,
  INCLUDED_METERS,
  type IncludedMeter,
} from '../../identity/entitlements/index.ts';
import { type Micros, priceQuantity } from '../../kernel/money/index.ts';
import { INTERVALS, type PlanInterval, PRICES } from '../plans/index.ts';
import { SOLD_PLANS, type SoldPlan } from './providers.enums.ts';
import type { PlanChoice } from './providers.ports.ts';

/** A price of a plan, as a provider has it. */
export interface PlanPrice extends PlanChoice {
  /** The name by which the price is found at every provider. */
  key: string;
  amount: Micros;
}

/** A price for each unit of a meter beyond what a plan includes. */
export interface OveragePrice {
  key: string;
  meter: IncludedMeter;
  interval: PlanInterval;
  /** Of one whole unit: a minute. */
  amount: Micros;
}

export const CATALOG_CURRENCY = 'USD';

/** What usage beyond the plan is called on invoices. */
export const OVERAGE_NAMES: Readonly<Record<IncludedMeter, string>> = {
  participant_minutes: 'Additional participant minutes',
};

/** `auralink_pro_monthly_v1` */
export const planPriceKey = ({ plan, interval, planVersion }: PlanChoice): string =>
  `auralink_${plan}_${interval}_v${planVersion}`;

/** `auralink_overage_participant_minutes_monthly_v1` */
export const overagePriceKey = (meter: IncludedMeter, interval: PlanInterval, version: number): string =>
  `auralink_overage_${meter}_${interval}_v${version}`;

/** Whether a price is one of usage beyond a plan, of whatever meter and version. */
export const isOverageKey = (key: string | null | undefined): boolean =>
  key?.startsWith('auralink_overage_') === true;

const PLAN_PRICE_KEY = /^auralink_([a-z]+)_(monthly|yearly)_v(\d{1,4})$/;

/** The plan that a price belongs to; null when it is not of this catalogue. */
export function choiceOfKey(key: string | null | undefined): PlanChoice | null {
  const [, plan, interval, version] = PLAN_PRICE_KEY.exec(key ?? '') ?? [];
  if (!SOLD_PLANS.includes(plan as SoldPlan)) return null;
  return { plan: plan as SoldPlan, interval: interval as PlanInterval, planVersion: Number(version) };
}

/** The price of a plan; the plans that are sold have one. */
export function priceOfChoice({ plan, interval }: Pick<PlanChoice, 'plan' | 'interval'>): Micros {
  const amount = PRICES[plan].price[interval];
  if (amount === null) throw new Error(`the plan ${plan} has no ${interval} price`);
  return amount;
}

/** Every price of a plan that can be subscribed to now. */
export const planPrices = (): PlanPrice[] =>
  SOLD_PLANS.flatMap((plan) =>
    INTERVALS.map((interval) => {
      const choice: PlanChoice = { plan, interval, planVersion: CURRENT_PLAN_VERSION };
      return { ...choice, key: planPriceKey(choice), amount: priceOfChoice(choice) };
    }),
  );

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
