import type { Clock } from '../core/index.ts';
import { type Database, systemScope } from '../db/index.ts';
import { deleteExpiredIdempotencyRecords } from './idempotency.queries.ts';

/** Records deleted per run, in one bounded statement; enough for the records of a busy day. */
const BATCH = 5_000;

/** Deletes records that expired. */
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
