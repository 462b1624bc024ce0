import { type Services, systemScope } from '../../kernel/context/index.ts';
import { deleteEndedHolds } from './included-use.queries.ts';

/** Deletes holds whose end has come; they count no more already. */
export async function forgetHolds({ clock, database }: Services): Promise<void> {
  await database.commit(systemScope, (q) => [deleteEndedHolds(q, new Date(clock.now()))]);
}
