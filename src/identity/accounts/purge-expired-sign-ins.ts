import { type Services, systemScope } from '../../kernel/context/index.ts';
import { encodeBase32, ID_PREFIXES, uuidV7 } from '../../kernel/core/index.ts';
import { deleteExpiredSignIns } from './accounts.queries.ts';

/** Days for which an ended session stays readable: where one was signed in, and how it ended. */
const ENDED_SESSION_RETENTION_DAYS = 30;
const BATCH_SIZE = 1_000;

/**
 * Deletes what nobody can use any more: expired refresh tokens and mailed proofs at once, sessions a month after their
 * end. Bounded, so one run never holds the tables for long; the next run goes on.
 */
export async function purgeExpiredSignIns({ clock, config, database }: Services): Promise<void> {
  const now = clock.now();
  const tokenLifeMs = config.REFRESH_TOKEN_SECONDS * 1000;
  // Ids sort by time: below this one are the tokens older than a life, found by the primary key.
  const oldTokensBelowId = `${ID_PREFIXES.refreshToken}_${encodeBase32(uuidV7(now - tokenLifeMs, new Uint8Array(16)))}`;
  const endedBefore = new Date(now - ENDED_SESSION_RETENTION_DAYS * 86_400_000);
  await database.commit(systemScope, (q) =>
    deleteExpiredSignIns(q, new Date(now), endedBefore, oldTokensBelowId, BATCH_SIZE),
  );
}
