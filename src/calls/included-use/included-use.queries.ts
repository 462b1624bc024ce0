import { lte, type SQL, sql } from 'drizzle-orm';
import {
  entitlementErrors,
  INCLUDED_UNITS,
  type IncludedMeter,
  includedTerms,
} from '../../identity/entitlements/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { includedHolds } from './included-use.tables.ts';

/** An amount of a meter, in its base unit. */
export interface IncludedUse {
  meter: IncludedMeter;
  quantity: number;
}

const moment = (date: Date): SQL => sql`${date.toISOString()}::timestamptz`;

const usesJson = (uses: readonly IncludedUse[]): SQL =>
  sql`jsonb_build_array(${sql.join(
    uses.map(
      ({ meter, quantity }) =>
        sql`jsonb_build_object('meter', ${meter}::text, 'quantity', ${quantity}::bigint, 'unit', ${INCLUDED_UNITS[meter]}::bigint,
          'terms', ${includedTerms(meter)}::jsonb)`,
    ),
    sql`, `,
  )})`;

/**
 * Fails the batch with `billing.limit_reached` when the plan refuses usage beyond the included amount and less than
 * this is left, or nothing.
 * @param hold holds the amount for something that runs, until `countIncluded` or the end; without it nothing is held,
 * so a read writes nothing
 */
export function holdIncluded(
  q: Queries,
  { organizationId, now }: { organizationId: string; now: Date },
  uses: readonly IncludedUse[],
  hold?: { holder: string; endsAt: Date },
): Statement {
  const { code } = entitlementErrors.limitReached.definition;
  return q.execute(sql`select hold_included(${code}, ${organizationId}, ${hold?.holder ?? null}, ${usesJson(uses)}, ${moment(now)},
    ${hold ? moment(hold.endsAt) : sql`null`})`);
}

/**
 * Adds usage, in the commit of the fact that its meter reads, and ends its hold.
 * @param at when the usage began: the same moment as in the meter
 */
export const countIncluded = (
  q: Queries,
  { organizationId, at }: { organizationId: string; at: Date },
  uses: readonly IncludedUse[],
  holder: string | null = null,
): Statement =>
  q.execute(
    sql`select count_included(${organizationId}, ${holder}, ${JSON.stringify(uses)}::jsonb, ${moment(at)})`,
  );

const left = (organizationId: string, now: Date, meter: IncludedMeter): SQL =>
  sql`included_left(${organizationId}, ${meter}, ${includedTerms(meter)}::jsonb, ${INCLUDED_UNITS[meter]}::bigint, ${moment(now)})`;

/** Whether the organization may use any more of a meter. */
export const isIncludedLeft = (
  q: Queries,
  { organizationId, now }: { organizationId: string; now: Date },
  meter: IncludedMeter,
) =>
  q.execute<{ isLeft: boolean }>(
    sql`select coalesce(${left(organizationId, now, meter)} > 0, true) as "isLeft"`,
  );

/** Whether usage of a meter beyond the plan is charged, and not refused. */
export const isUseCharged = (
  q: Queries,
  { organizationId, now }: { organizationId: string; now: Date },
  meter: IncludedMeter,
) =>
  q.execute<{ isCharged: boolean }>(sql`select ${left(organizationId, now, meter)} is null as "isCharged"`);

/** Deletes holds that have ended: the thing that ran was lost. */
export const deleteEndedHolds = (q: Queries, now: Date): Statement =>
  q.delete(includedHolds).where(lte(includedHolds.endsAt, now));
