import { lt, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { providerEvents } from './provider-events.tables.ts';

/** Stores an event; one that exists already violates the primary key. */
export const insertProviderEvent = (q: Queries, row: typeof providerEvents.$inferInsert) =>
  q.insert(providerEvents).values(row);

/** Deletes at most `limit` of the events that were received before `before`. */
export function deleteOldProviderEvents(q: Queries, before: Date, limit: number) {
  const { provider, id } = providerEvents;
  const old = q
    .select({ provider, id })
    .from(providerEvents)
    .where(lt(providerEvents.receivedAt, before))
    .limit(limit);
  return q.delete(providerEvents).where(sql`(${provider}, ${id}) in ${old}`);
}
