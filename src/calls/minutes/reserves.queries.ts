import { and, eq, type SQL, sql, type SQLWrapper } from 'drizzle-orm';
import { monthlyLimit } from '../../identity/entitlements/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { holdMinutes } from './minutes.queries.ts';
import { RESERVED_MS } from './minutes.rules.ts';
import { minuteReserves } from './minutes.tables.ts';

interface Reserve {
  organizationId: string;
  callId: string;
  identity: string;
}

/**
 * Reserves time for an identity that may connect to a call at any moment without a seat, until `releaseMinutes` or the
 * end of the call. Fails like `holdMinutes`.
 */
export const reserveMinutes = (q: Queries, reserve: Reserve, now: Date): Statement[] => [
  holdMinutes(q, { ...reserve, now }),
  q.insert(minuteReserves).values(reserve).onConflictDoNothing(),
];

export const releaseMinutes = (q: Queries, { organizationId, callId, identity }: Reserve): Statement =>
  q
    .delete(minuteReserves)
    .where(
      and(
        eq(minuteReserves.organizationId, organizationId),
        eq(minuteReserves.callId, callId),
        eq(minuteReserves.identity, identity),
      ),
    );

/** Why an identity must not connect to a call now: `minutes_used_up`, `over_budget`; null while it may. As an expression. */
export const connectRefusal = (
  organizationId: string,
  callId: SQLWrapper,
  identity: SQLWrapper,
  now: Date,
): SQL<string | null> =>
  sql<string | null>`connect_refusal(${organizationId}, ${callId}, ${identity},
    ${monthlyLimit('participant_minutes', { organizationId, now })}, ${RESERVED_MS}::bigint, ${now.toISOString()}::timestamptz)`;
