import { type Services, systemScope } from '../../kernel/context/index.ts';
import { deleteExpiredChanges } from './email-changes.queries.ts';

const BATCH_SIZE = 1_000;

/** Deletes changes that can be neither confirmed nor undone any more, a bounded number in each run. */
export async function purgeExpiredChanges({ clock, database }: Services): Promise<void> {
  await database.commit(systemScope, (q) => [deleteExpiredChanges(q, new Date(clock.now()), BATCH_SIZE)]);
}
