import { type Services, systemScope } from '../../kernel/context/index.ts';
import { firstIdAt } from '../../kernel/core/index.ts';
import { deleteExpiredSessions } from './sessions.queries.ts';

/** Days for which an ended session stays: when somebody was signed in from where, and how it ended. */
const ENDED_SESSION_RETENTION_DAYS = 30;
const BATCH_SIZE = 1_000;

/**
 * Deletes expired refresh tokens at once and sessions a month after they expired. Bounded, so that one run never holds
 * the tables for long; the next run continues.
 */
export async function purgeExpiredSessions({ clock, config, database }: Services): Promise<void> {
  const now = clock.now();
  const tokenLifeMs = config.REFRESH_TOKEN_SECONDS * 1000;
  // Ids sort by time: tokens below this one are older than their life. The primary key finds them.
  const oldTokensBelowId = firstIdAt('refreshToken', now - tokenLifeMs);
  const endedBefore = new Date(now - ENDED_SESSION_RETENTION_DAYS * 86_400_000);
  await database.commit(systemScope, (q) =>
    deleteExpiredSessions(q, new Date(now), endedBefore, oldTokensBelowId, BATCH_SIZE),
  );
}
