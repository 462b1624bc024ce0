import { and, desc, eq, getTableColumns, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { isBefore, mustChange, mustHold, type Queries } from '../../kernel/db/index.ts';
import { priceErrors } from './prices.errors.ts';
import type { NewPrice } from './prices.rules.ts';
import type { ListPrices } from './prices.schemas.ts';
import { priceVersions, type StoredPrice } from './prices.tables.ts';

/** The start of the next price of the same meter, provider, region, model and service. */
const nextFrom = sql<Date | null>`(
  select n.effective_from from price_versions n
  where n.meter = ${priceVersions.meter} and n.provider is not distinct from ${priceVersions.provider}
    and n.region is not distinct from ${priceVersions.region} and n.model is not distinct from ${priceVersions.model}
    and n.service is not distinct from ${priceVersions.service}
    and (n.effective_from, n.seq) > (${priceVersions.effectiveFrom}, ${priceVersions.seq})
  order by n.effective_from, n.seq limit 1)`.mapWith(priceVersions.effectiveFrom);

const used = sql<boolean>`exists (select from cost_lines l where l.price_version_id = ${priceVersions.id})`;

/** A page of prices, the last stored first. */
export function selectPrices(
  q: Queries,
  { meter, provider, model, limit }: ListPrices,
  before: string | undefined,
) {
  return q
    .select({ price: getTableColumns(priceVersions), nextFrom, used })
    .from(priceVersions)
    .where(
      and(
        meter === undefined ? undefined : eq(priceVersions.meter, meter),
        provider === undefined ? undefined : eq(priceVersions.provider, provider),
        model === undefined ? undefined : eq(priceVersions.model, model),
        isBefore(priceVersions.id, before),
      ),
    )
    .orderBy(desc(priceVersions.id))
    .limit(limit + 1);
}

export const selectPrice = (q: Queries, priceId: string) =>
  q
    .select({ price: getTableColumns(priceVersions), nextFrom, used })
    .from(priceVersions)
    .where(eq(priceVersions.id, priceId));

const iso = (column: string) =>
  sql`to_char(v.${sql.identifier(column)} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** For each of the new prices, by its position: the price of the same usage that applies at its start. */
export function selectPricesInForce(q: Queries, prices: readonly NewPrice[]) {
  const asked = prices.map(({ meter, provider, region, model, service, effectiveFrom }, at) => ({
    at,
    meter,
    provider,
    region,
    model,
    service,
    from: effectiveFrom.toISOString(),
  }));
  return q.execute<{
    at: number;
    nanos: string;
    unitQuantity: string;
    effectiveFrom: string;
    effectiveTo: string | null;
  }>(sql`
    select a.at, v.nanos::text as nanos, v.unit_quantity::text as "unitQuantity",
      ${iso(priceVersions.effectiveFrom.name)} as "effectiveFrom", ${iso(priceVersions.effectiveTo.name)} as "effectiveTo"
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as a(at integer, meter text, provider text, region text,
      model text, service text, "from" timestamptz)
    cross join lateral (
      select v.* from price_versions v
      where v.meter = a.meter and v.provider is not distinct from a.provider
        and v.region is not distinct from a.region and v.model is not distinct from a.model
        and v.service is not distinct from a.service
        and v.effective_from <= a."from"
      order by v.effective_from desc, v.seq desc limit 1) v`);
}

/** The number of prices, which changes when one is stored or deleted. */
export const countPrices = (q: Queries) =>
  q.select({ count: sql<number>`count(*)::int` }).from(priceVersions);

/**
 * Waits until no cost is being calculated, and blocks calculations until the commit: later ones find the new prices,
 * and the lines of earlier ones exist when usage is priced again. See `write_cost_lines`.
 */
const lockPrices = (q: Queries) =>
  q.execute(sql`select pg_advisory_xact_lock(hashtextextended('price_versions', 0))`);

/** Stores prices that were compared with `known` others; fails with `request.stale` when that number has changed. */
export const insertPrices = (q: Queries, rows: StoredPrice[], known: number) => [
  lockPrices(q),
  mustHold(q, sql`(select count(*) from price_versions) = ${known}`, requestErrors.stale),
  q.insert(priceVersions).values(rows),
];

/** Deletes a price; the trigger of the table refuses it for one that a cost line refers to. */
export const deletePriceRow = (q: Queries, priceId: string) => [
  lockPrices(q),
  mustChange(
    q,
    q.delete(priceVersions).where(eq(priceVersions.id, priceId)).returning({ id: priceVersions.id }),
    priceErrors.notFound,
  ),
];

/** The price of usage with these dimensions at a moment, for each meter that has one. */
export const selectPricesFor = (
  q: Queries,
  meters: readonly string[],
  dimensions: Readonly<Record<string, string>>,
  moment: Date,
) =>
  q.execute<{ meter: string; nanos: string; unitQuantity: string }>(sql`
    select m.meter, v.nanos::text as nanos, v.unit_quantity::text as "unitQuantity"
    from jsonb_array_elements_text(${JSON.stringify(meters)}::jsonb) as m(meter)
    join price_versions v on v.id = price_for(m.meter, ${JSON.stringify(dimensions)}::jsonb, ${moment.toISOString()}::timestamptz)`);

/** The prices of meters for each model at a moment, by the position of the model. */
export const selectPricesOfModels = (
  q: Queries,
  meters: readonly string[],
  models: readonly { provider: string; model: string }[],
  moment: Date,
) =>
  q.execute<{
    at: number;
    meter: string;
    id: string;
    nanos: string;
    unitQuantity: string;
    source: string;
    startsAt: string;
  }>(sql`
    select (d.position - 1)::integer as at, m.meter, v.id, v.nanos::text as nanos, v.unit_quantity::text as "unitQuantity", v.source,
      ${iso(priceVersions.effectiveFrom.name)} as "startsAt"
    from jsonb_array_elements(${JSON.stringify(models)}::jsonb) with ordinality as d(dimensions, position)
    cross join jsonb_array_elements_text(${JSON.stringify(meters)}::jsonb) as m(meter)
    join price_versions v on v.id = price_for(m.meter, d.dimensions, ${moment.toISOString()}::timestamptz)`);
