import { asc, eq } from 'drizzle-orm';
import { insertWithin, type Queries } from '../../kernel/db/index.ts';
import { MAX_METERS, meterErrors } from './meters.errors.ts';
import type { OwnMeterRow } from './meters.rules.ts';
import { usageMeters } from './meters.tables.ts';

/** The organization's own meters, by name. */
export function selectOwnMeters(q: Queries, organizationId: string) {
  return q
    .select()
    .from(usageMeters)
    .where(eq(usageMeters.organizationId, organizationId))
    .orderBy(asc(usageMeters.name));
}

/**
 * Stores a meter; a name that is taken violates `usage_meters_name_key`, and the commit fails with `usage.too_many_meters` when the
 * organization has too many.
 */
export const insertOwnMeter = (q: Queries, row: OwnMeterRow) =>
  insertWithin(q, usageMeters, row, { most: MAX_METERS, error: meterErrors.tooManyMeters });
