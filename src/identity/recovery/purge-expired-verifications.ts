import { type Services, systemScope } from '../../kernel/context/index.ts';
import { deleteExpiredVerifications } from './recovery.queries.ts';

const BATCH_SIZE = 1_000;

/** Deletes expired password resets, a bounded number in each run. */
export async function purgeExpiredVerifications({ clock, database }: Services): Promise<void> {
  await database.commit(systemScope, (q) => [
    deleteExpiredVerifications(q, new Date(clock.now()), BATCH_SIZE),
  ]);
}
