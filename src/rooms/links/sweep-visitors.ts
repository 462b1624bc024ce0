import { type Services, systemScope } from '../../kernel/context/index.ts';
import { deleteIdleGuests, deleteExpiredVisitors } from './retention.queries.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Long enough that a link which is reactivated soon counts nobody twice. */
const VISITOR_RETENTION_MS = 30 * DAY_MS;
/** The lifetime of a guest ticket: after it nothing refers to the guest. */
const GUEST_RETENTION_MS = 12 * HOUR_MS;
/** Guests who got in are kept; older ones are not looked at again in every run. */
const LOOKBACK_MS = 7 * DAY_MS;
const BATCH_SIZE = 20_000;

/**
 * Deletes what is stored about people who only followed a link: visitors of links that ended 30 days ago, and guests who
 * never got further than a lobby, once their ticket has expired. In the system's scope: it covers all organizations.
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
