import { type Services, systemScope } from '../../kernel/context/index.ts';
import { deleteEndedHolds } from './included-use.queries.ts';

/** Deletes holds that have ended; they do not count any more. */
export async function forgetHolds({ clock, database }: Services): Promise<void> {
  await database.commit(systemScope, (q) => [deleteEndedHolds(q, new Date(clock.now()))]);
}
