import { type Services, systemScope } from '../../platform/context/index.ts';
import { expireEntries, forgetEntries } from './admission.queries.ts';

const AT_ONCE = 1_000;
const KEPT_MS = 86_400_000;

/** Ends what waited too long and forgets what was over a day ago. */
export async function sweepLobby({ database, clock }: Services): Promise<void> {
  const now = clock.now();
  await database.commit(systemScope, (q) => [
    expireEntries(q, new Date(now), AT_ONCE),
    forgetEntries(q, new Date(now - KEPT_MS), AT_ONCE),
  ]);
}
