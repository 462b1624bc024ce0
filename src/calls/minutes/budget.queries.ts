import { eq, type SQL, sql } from 'drizzle-orm';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { minuteBudgets } from './minutes.tables.ts';

/** The part of an organization's spending limit that is left for connected time. */
export type MinuteBudget = typeof minuteBudgets.$inferSelect;

const moment = (at: Date): SQL => sql`${at.toISOString()}::timestamptz`;

/** Stores the remainder, in place of the former count. */
export const upsertMinuteBudget = (q: Queries, { organizationId, ...set }: MinuteBudget): Statement =>
  q
    .insert(minuteBudgets)
    .values({ organizationId, ...set })
    .onConflictDoUpdate({ target: minuteBudgets.organizationId, set });

/** Deletes the budget: only its plan still bounds the connected time of the organization. */
export const deleteMinuteBudget = (q: Queries, organizationId: string): Statement =>
  q.delete(minuteBudgets).where(eq(minuteBudgets.organizationId, organizationId));

/** The remainder of an organization's budget at a moment, in milliseconds, as an expression; null without a budget. */
export const budgetLeftMs = (organizationId: string, now: Date): SQL =>
  sql`budget_left_ms(${organizationId}, ${moment(now)})`;

/**
 * How many participants reserve time; how many are connected since a period; and when the earliest open connection
 * began, in any period, in milliseconds.
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

/** The active calls of an organization with a connection that began in a period. */
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
