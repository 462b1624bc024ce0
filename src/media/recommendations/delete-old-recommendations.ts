import type { Clock } from '../../kernel/core/index.ts';
import { type Database, systemScope } from '../../kernel/db/index.ts';
import { deleteOldRecommendations as deleteRows, selectOldRecommendation } from './expiry.queries.ts';

const RETENTION_MS = 90 * 86_400_000;
/** In one commit. */
const MAX_DELETED = 20_000;

/** Scheduled: deletes all recommendations that are older than 90 days; their session stays with the call. */
export async function deleteOldRecommendations({
  database,
  clock,
}: {
  database: Database;
  clock: Clock;
}): Promise<void> {
  const before = new Date(clock.now() - RETENTION_MS);
  const isAnyLeft = async () =>
    (await database.read(systemScope, (q) => [selectOldRecommendation(q, before)]))[0].length > 0;
  while (await isAnyLeft()) await database.commit(systemScope, (q) => [deleteRows(q, before, MAX_DELETED)]);
}
