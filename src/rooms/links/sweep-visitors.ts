import { type Services, systemScope } from '../../kernel/context/index.ts';
import { deleteIdleGuests, deleteExpiredVisitors } from './retention.queries.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A link that was over so long counts nobody again when it is opened anew. */
const VISITOR_RETENTION_MS = 30 * DAY_MS;
/** As long as a guest's ticket: then nothing refers to them any more. */
const GUEST_RETENTION_MS = 12 * HOUR_MS;
/** Guests who were in stay: they are not looked at each time for ever. */
const LOOKBACK_MS = 7 * DAY_MS;
const BATCH_SIZE = 20_000;

/**
 * Forgets who only followed a link: visitors of links that are over for 30 days, and guests who never got further than a
 * lobby, once their ticket has run out. In the system's scope, because it goes through all organizations.
 */
export async function sweepVisitors({
  database,
  clock,
}: Services): Promise<{ visitors: number; guests: number }> {
  const now = clock.now();
  const idle = { from: new Date(now - LOOKBACK_MS), to: new Date(now - GUEST_RETENTION_MS) };
  const [visitors, guests] = await database.read(systemScope, (q) => [
    deleteExpiredVisitors(q, new Date(now - VISITOR_RETENTION_MS), BATCH_SIZE),
    deleteIdleGuests(q, idle, BATCH_SIZE),
  ]);
  return { visitors: visitors.length, guests: guests.length };
}
