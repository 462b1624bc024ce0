import { sql } from 'drizzle-orm';
import { entitlementErrors, monthlyLimit } from '../../identity/entitlements/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';

/**
 * Fails the commit with `billing.limit_reached` when the plan stops at its included participant minutes and they are used up in
 * this month, running connections and all. A person who was connected to the call before comes back to it all the same.
 * @param callId the open call; null for a new one
 */
export function holdMinutes(
  q: Queries,
  {
    organizationId,
    callId,
    identity,
    now,
  }: { organizationId: string; callId: string | null; identity: string; now: Date },
): Statement {
  const allowed = monthlyLimit('participant_minutes', { organizationId, now });
  return q.execute(sql`select hold_minutes(${entitlementErrors.limitReached.definition.code}, ${organizationId}, ${callId},
    ${identity}, ${allowed}, ${now.toISOString()}::timestamptz)`);
}
