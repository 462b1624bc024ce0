import { eq, type SQL, sql } from 'drizzle-orm';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { minuteBudgets } from './minutes.tables.ts';

/** What of an organization's spending limit is left for connected time. */
export type MinuteBudget = typeof minuteBudgets.$inferSelect;

const moment = (at: Date): SQL => sql`${at.toISOString()}::timestamptz`;

/** Stores what is left, in place of what was counted before. */
export const upsertMinuteBudget = (q: Queries, { organizationId, ...set }: MinuteBudget): Statement =>
  q
    .insert(minuteBudgets)
    .values({ organizationId, ...set })
    .onConflictDoUpdate({ target: minuteBudgets.organizationId, set });

/** Nothing bounds the connected time of the organization any more, except its plan. */
export const deleteMinuteBudget = (q: Queries, organizationId: string): Statement =>
  q.delete(minuteBudgets).where(eq(minuteBudgets.organizationId, organizationId));

/** What of the budget of an organization is left at a moment, in milliseconds, as an expression; null without a budget. */
export const budgetLeftMs = (organizationId: string, now: Date): SQL =>
  sql`budget_left_ms(${organizationId}, ${moment(now)})`;

/**
 * How many participants reserve time; how many are connected since a period; and when the first connection began that is open, of any
 * period, in milliseconds.
 */
export function selectConnected(
  q: Queries,
  organizationId: string,
  { from, to, now }: { from: Date; to: Date; now: Date },
) {
  return q.execute<{ reserving: number; connected: number; openSinceMs: string | null }>(sql`
    select count_reserving(${organizationId}, null, null, ${moment(now)})::integer as reserving,
      (select count(*)::integer from call_connections c
       where c.organization_id = ${organizationId} and c.left_at is null and c.connected
         and c.joined_at >= ${moment(from)} and c.joined_at < ${moment(to)}) as connected,
      (select (extract(epoch from min(c.joined_at)) * 1000)::bigint::text from call_connections c
       where c.organization_id = ${organizationId} and c.left_at is null and c.connected) as "openSinceMs"`);
}

/** The active calls of an organization in which somebody is connected since a period. */
export const selectCallsConnectedSince = (
  q: Queries,
  organizationId: string,
  { from, to }: { from: Date; to: Date },
) =>
  q.execute<{ id: string; roomId: string }>(sql`
    select c.id, c.room_id as "roomId" from calls c
    where c.organization_id = ${organizationId} and c.status = 'active' and exists (
      select from call_connections n
      where n.organization_id = ${organizationId} and n.left_at is null and n.connected and n.call_id = c.id
        and n.joined_at >= ${moment(from)} and n.joined_at < ${moment(to)})
    order by c.id`);

/** The active calls of an organization. */
export const selectActiveCalls = (q: Queries, organizationId: string) =>
  q.execute<{ id: string; roomId: string }>(sql`
    select c.id, c.room_id as "roomId" from calls c
    where c.organization_id = ${organizationId} and c.status = 'active' order by c.id`);
