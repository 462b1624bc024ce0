import type { Clock } from '../../kernel/core/index.ts';
import { type Database, systemScope } from '../../kernel/db/index.ts';
import { deleteOldRecommendations as deleteRows } from './expiry.queries.ts';

const RETENTION_MS = 90 * 86_400_000;
/** In one run of the scheduled task. */
const MAX_DELETED = 20_000;

/** Scheduled: deletes recommendations that are older than 90 days; their session stays with the call. */
export async function deleteOldRecommendations({
  database,
  clock,
}: {
  database: Database;
  clock: Clock;
}): Promise<void> {
  await database.commit(systemScope, (q) => [
    deleteRows(q, new Date(clock.now() - RETENTION_MS), MAX_DELETED),
  ]);
}
