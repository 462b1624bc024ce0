import { type SQL, sql } from 'drizzle-orm';
import { entitlementErrors, includedTerms, monthlyLimit } from '../../identity/entitlements/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustHold, type Queries, type Statement } from '../../kernel/db/index.ts';
import { RESERVED_MS } from './minutes.rules.ts';

const moment = (now: Date): SQL => sql`${now.toISOString()}::timestamptz`;

/**
 * Fails the commit with `billing.limit_reached` when the plan stops at its included participant minutes and they are
 * used up in this month, including running connections, or when the spending limit of the organization does not cover
 * another participant. A person who was connected to the call before may still return to it.
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
  const { code } = entitlementErrors.limitReached.definition;
  return q.execute(sql`select hold_connecting(${code}, ${organizationId}, ${callId}, ${identity},
    ${includedTerms('participant_minutes')}::jsonb, ${RESERVED_MS}::bigint, ${moment(now)})`);
}

/** Whether the organization has used up the minutes that it may use in the month of the moment. */
const isUsedUp = (organizationId: string | SQL, now: Date): SQL =>
  sql`minutes_used_up(${organizationId}, ${monthlyLimit('participant_minutes', { organizationId, now })}, ${moment(now)})`;

/** Fails the commit with `request.stale` when the organization has minutes again. */
export const mustBeUsedUp = (q: Queries, { organizationId, now }: { organizationId: string; now: Date }) =>
  mustHold(q, isUsedUp(organizationId, now), requestErrors.stale);

/**
 * Stores since when the minutes of organizations with active calls are used up, and forgets those that have minutes again. One
 * whose calls have all ended is kept, so that a call that begins after the hour is over gets no hour of its own.
 * @returns the active calls of organizations without minutes, those that end first at the beginning; `since` is ISO 8601
 */
export function markUsedUp(q: Queries, now: Date, limit: number) {
  return q.execute<{ id: string; organizationId: string; roomId: string; since: string }>(sql`
    with used_up as materialized (
      select o.organization_id
      from (
        select c.organization_id from calls c where c.status = 'active'
        union select m.organization_id from used_up_minutes m
      ) o
      where ${isUsedUp(sql`o.organization_id`, now)}
    ), marked as (
      insert into used_up_minutes (organization_id, since) select u.organization_id, ${moment(now)} from used_up u
      on conflict do nothing
    ), cleared as (
      delete from used_up_minutes m where not exists (select from used_up u where u.organization_id = m.organization_id)
    )
    select c.id, c.organization_id as "organizationId", c.room_id as "roomId", coalesce(m.since, ${moment(now)}) as since
    from used_up u
    join calls c on c.organization_id = u.organization_id and c.status = 'active'
    left join used_up_minutes m on m.organization_id = u.organization_id
    order by since, c.id limit ${limit}::integer`);
}
