import { type Services, systemScope } from '../../platform/context/index.ts';
import { encodeBase32, ID_PREFIXES, uuidV7 } from '../../platform/core/index.ts';
import { forgetExpired } from './accounts.queries.ts';

/** Days for which an ended session stays readable: where one was signed in, and how it ended. */
const SESSION_MEMORY_DAYS = 30;
const BATCH = 1_000;

/**
 * Deletes what nobody can use any more: expired refresh tokens and mailed proofs at once, sessions a month after their
 * end. Bounded, so one run never holds the tables for long; the next run goes on.
 */
export async function forgetExpiredSignIns({ clock, config, database }: Services): Promise<void> {
  const now = clock.now();
  const life = config.REFRESH_TOKEN_SECONDS * 1000;
  // Ids sort by time: below this one are the tokens older than a life, found by the primary key.
  const below = `${ID_PREFIXES.refreshToken}_${encodeBase32(uuidV7(now - life, new Uint8Array(16)))}`;
  const endedBefore = new Date(now - SESSION_MEMORY_DAYS * 86_400_000);
  await database.commit(systemScope, (q) => forgetExpired(q, new Date(now), endedBefore, below, BATCH));
}
