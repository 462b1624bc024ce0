/** What a test knows of a year: facts of usage, and everything that decides what of it is charged. */
export interface MoneyYear {
  facts: Map<string, { meter: string; occurredAtMs: number; quantity: number }>;
  plans: { fromMs: number; plan: string }[];
  /** Units of a meter on top of what the plan includes. */
  credits: { id: string; meter: string; units: number; fromMs: number; toMs: number }[];
  /** When each subscription was charged; whether it ended with its period, so that an invoice followed. */
  charged: { id: string; fromMs: number; toMs: number; endsWithPeriod: boolean }[];
}

const HOUR_MS = 3_600_000;

/** A meter of the year: base units of one unit, the price of a unit in micro-units, and what the plans include. */
export interface MoneyMeter {
  name: string;
  unit: number;
  priceMicros: number;
  included: Record<string, number>;
}
export const METERS: readonly MoneyMeter[] = [
  {
    name: 'participant_minutes',
    unit: 60_000,
    priceMicros: 10_000,
    included: { free: 1_000, pro: 10_000, enterprise: 100_000 },
  },
  {
    name: 'ai_output_tokens',
    unit: 100_000,
    priceMicros: 2_500_000,
    included: { free: 1, pro: 10, enterprise: 100 },
  },
];

const holds =
  (ms: number) =>
  ({ fromMs, toMs }: { fromMs: number; toMs: number }): boolean =>
    fromMs <= ms && toMs > ms;

/** What was used of a month beyond the plan, counted from the facts hour by hour, for each subscription. */
function overageBySubscription(
  year: MoneyYear,
  meter: MoneyMeter,
  fromMs: number,
  toMs: number,
): Map<string, number> {
  let used = 0;
  const over = new Map<string, number>();
  for (let hour = fromMs; hour < toMs; hour += HOUR_MS) {
    let quantity = 0;
    for (const fact of year.facts.values())
      if (fact.meter === meter.name && fact.occurredAtMs >= hour && fact.occurredAtMs < hour + HOUR_MS)
        quantity += fact.quantity;
    const plan = year.plans.findLast((each) => each.fromMs <= hour)?.plan ?? 'free';
    const period = year.charged.find(holds(hour));
    if (quantity === 0 || plan === 'free' || period === undefined) continue;
    const credit = year.credits
      .filter((each) => each.meter === meter.name && holds(hour)(each))
      .reduce((sum, { units }) => sum + units, 0);
    const included = (meter.included[plan]! + credit) * meter.unit;
    const beyond = Math.max(0, used + quantity - Math.max(used, included));
    over.set(period.id, (over.get(period.id) ?? 0) + beyond);
    used += quantity;
  }
  return over;
}

/** Whole units of a month beyond the plan. */
export const overageOfMonth = (year: MoneyYear, meter: MoneyMeter, fromMs: number, toMs: number): number =>
  Math.floor(
    [...overageBySubscription(year, meter, fromMs, toMs).values()].reduce((sum, over) => sum + over, 0) /
      meter.unit,
  );

/** Units beyond the plan that a subscription charges for in all months until now. */
export function owedUnits(year: MoneyYear, meter: MoneyMeter, nowMs: number, subscription: string): number {
  const first = new Date(Math.min(nowMs, ...[...year.facts.values()].map((fact) => fact.occurredAtMs)));
  let units = 0;
  for (let month = 0; ; month++) {
    const from = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1);
    if (from > nowMs) return units;
    const to = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month + 1, 1);
    units += Math.floor((overageBySubscription(year, meter, from, to).get(subscription) ?? 0) / meter.unit);
  }
}
