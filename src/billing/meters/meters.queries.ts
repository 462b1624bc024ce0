import { asc, eq, sql } from 'drizzle-orm';
import { mustHold, type Queries } from '../../kernel/db/index.ts';
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

/** Stores a meter; a name that is taken violates `usage_meters_name_key`. */
export const insertOwnMeter = (q: Queries, row: OwnMeterRow) => q.insert(usageMeters).values(row);

/** Holds the number of an organization's meters below the limit, also when several are created at once. */
export function mustFitMeterLimit(q: Queries, organizationId: string) {
  return [
    q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`usage_meters ${organizationId}`}, 0))`),
    mustHold(
      q,
      sql`(select count(*) from usage_meters where organization_id = ${organizationId}) < ${MAX_METERS}`,
      meterErrors.tooManyMeters,
    ),
  ];
}
