/** What a test knows of a year: facts of usage, and everything that decides what of it is charged. */
export interface MoneyYear {
  facts: Map<string, { occurredAtMs: number; ms: number }>;
  plans: { fromMs: number; plan: string }[];
  /** Minutes on top of what the plan includes. */
  credits: { id: string; minutes: number; fromMs: number; toMs: number }[];
  /** When each subscription was charged; whether it ended with its period, so that an invoice followed. */
  charged: { id: string; fromMs: number; toMs: number; endsWithPeriod: boolean }[];
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const INCLUDED_MINUTES: Record<string, number> = { free: 1_000, pro: 10_000, enterprise: 100_000 };

const holds =
  (ms: number) =>
  ({ fromMs, toMs }: { fromMs: number; toMs: number }): boolean =>
    fromMs <= ms && toMs > ms;

/** What was used of a month beyond the plan, counted from the facts hour by hour, for each subscription. */
function overageBySubscription(year: MoneyYear, fromMs: number, toMs: number): Map<string, number> {
  let used = 0;
  const over = new Map<string, number>();
  for (let hour = fromMs; hour < toMs; hour += HOUR_MS) {
    let ms = 0;
    for (const fact of year.facts.values())
      if (fact.occurredAtMs >= hour && fact.occurredAtMs < hour + HOUR_MS) ms += fact.ms;
    const plan = year.plans.findLast((each) => each.fromMs <= hour)?.plan ?? 'free';
    const period = year.charged.find(holds(hour));
    if (ms === 0 || plan === 'free' || period === undefined) continue;
    const credit = year.credits.filter(holds(hour)).reduce((sum, { minutes }) => sum + minutes, 0);
    const included = (INCLUDED_MINUTES[plan]! + credit) * MINUTE_MS;
    const beyond = Math.max(0, used + ms - Math.max(used, included));
    over.set(period.id, (over.get(period.id) ?? 0) + beyond);
    used += ms;
  }
  return over;
}

/** Whole minutes of a month beyond the plan. */
export const overageOfMonth = (year: MoneyYear, fromMs: number, toMs: number): number =>
  Math.floor(
    [...overageBySubscription(year, fromMs, toMs).values()].reduce((sum, ms) => sum + ms, 0) / MINUTE_MS,
  );

/** Minutes beyond the plan that a subscription charges for in all months until now. */
export function owedUnits(year: MoneyYear, nowMs: number, subscription: string): number {
  const first = new Date(Math.min(nowMs, ...[...year.facts.values()].map((fact) => fact.occurredAtMs)));
  let units = 0;
  for (let month = 0; ; month++) {
    const from = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1);
    if (from > nowMs) return units;
    const to = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month + 1, 1);
    units += Math.floor((overageBySubscription(year, from, to).get(subscription) ?? 0) / MINUTE_MS);
  }
}
