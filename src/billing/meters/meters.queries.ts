import { asc, eq, type SQL, sql } from 'drizzle-orm';
import { insertWithin, type Queries } from '../../kernel/db/index.ts';
import type { Meter } from '../../kernel/modules/index.ts';
import { MAX_METERS, meterErrors } from './meters.errors.ts';
import { listMeterViews, type OwnMeterRow } from './meters.rules.ts';
import { usageMeters } from './meters.tables.ts';

/** The organization's own meters, by name. */
export function selectOwnMeters(q: Queries, organizationId: string) {
  return q
    .select()
    .from(usageMeters)
    .where(eq(usageMeters.organizationId, organizationId))
    .orderBy(asc(usageMeters.name));
}

/** A select of the names of the meters that have a dimension, as `meter`: those of the product, and the organization's own. */
export function metersWith(organizationId: string, product: readonly Meter[], dimension: string): SQL {
  const names = listMeterViews(product, [])
    .filter(({ dimensions }) => dimensions.includes(dimension))
    .map(({ name }) => name);
  return sql`
    select unnest(${sql.param(names)}::text[]) as meter
    union all select ${usageMeters.name} from ${usageMeters}
    where ${usageMeters.organizationId} = ${organizationId} and ${dimension}::text = any(${usageMeters.dimensions})`;
}

/**
 * Stores a meter; a name that is taken violates `usage_meters_name_key`, and the commit fails with `usage.too_many_meters` when the
 * organization has too many.
 */
export const insertOwnMeter = (q: Queries, row: OwnMeterRow) =>
  insertWithin(q, usageMeters, row, { most: MAX_METERS, error: meterErrors.tooManyMeters });
