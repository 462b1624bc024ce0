import type { Clock } from '../core/index.ts';
import { type Database, systemScope } from '../db/index.ts';
import { deleteExpiredIdempotencyRecords } from './idempotency.queries.ts';

/** A day's records of a busy installation go within the day, one bounded statement a run. */
const BATCH = 5_000;

/** Forgets the answers whose 24 hours are over. */
export async function sweepIdempotencyRecords({
  database,
  clock,
}: {
  database: Database;
  clock: Clock;
}): Promise<void> {
  await database.commit(systemScope, (q) => [
    deleteExpiredIdempotencyRecords(q, new Date(clock.now()), BATCH),
  ]);
}
