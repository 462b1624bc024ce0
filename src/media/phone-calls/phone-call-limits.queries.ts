import { and, eq, gt, notInArray, type SQL, sql } from 'drizzle-orm';
import { entitlementErrors, holdLimit, includedTerms } from '../../identity/entitlements/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { phoneCalls } from './phone-calls.tables.ts';

const HOUR_MS = 3_600_000;

const isOpen = notInArray(phoneCalls.state, ['ended', 'failed']);
const isCalledBy = (organizationId: string) =>
  and(eq(phoneCalls.organizationId, organizationId), eq(phoneCalls.direction, 'out'))!;

/** What counts as a telephone that the organization has called and that has not hung up. */
export const runningPhoneCalls = (organizationId: string): SQL =>
  sql`select from ${phoneCalls} where ${and(isCalledBy(organizationId), isOpen)}`;

/** What counts as a telephone that was called in the last hour: a transfer calls one, too. */
export function hourlyPhoneCalls(organizationId: string, now: Date): SQL {
  const since = new Date(now.getTime() - HOUR_MS);
  const isTransferred = and(
    eq(phoneCalls.organizationId, organizationId),
    gt(phoneCalls.transferredAt, since),
  );
  return sql`select from ${phoneCalls} where ${and(isCalledBy(organizationId), gt(phoneCalls.createdAt, since))}
    union all select from ${phoneCalls}, generate_series(1, ${phoneCalls.transfers}) where ${isTransferred}`;
}

/** Fails a commit that has one more telephone called in an hour than the plan allows. */
export const holdHourly = (q: Queries, organizationId: string, now: Date): Statement[] =>
  holdLimit(q, {
    limit: 'hourly_phone_calls',
    rows: hourlyPhoneCalls(organizationId, now),
    organizationId,
    now,
  });

/** Fails the commit with `billing.limit_reached` when the telephone minutes of the plan are used up, or the spending limit is spent. */
export const holdPhoneMinutes = (q: Queries, organizationId: string, now: Date): Statement =>
  q.execute(sql`select hold_phone_minutes(${entitlementErrors.limitReached.definition.code}, ${organizationId},
    ${includedTerms('phone_minutes')}::jsonb, ${now.toISOString()}::timestamptz)`);
