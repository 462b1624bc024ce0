import { type Services, systemScope } from '../../kernel/context/index.ts';
import { isStale } from '../../kernel/core/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { ABANDONED_MS } from '../agent-tools/index.ts';
import { selectRunningAnswers } from './agent-conversations.queries.ts';
import { deleteOldCallConversations } from './call-conversations.queries.ts';
import { storeEnded } from './store-answer.ts';

const MAX_ANSWERS = 200;
const MAX_CONVERSATIONS = 1_000;

/** Scheduled: ends answers whose request died between two rounds. */
export async function endAbandoned(services: Services) {
  const before = new Date(services.clock.now() - ABANDONED_MS);
  const [rows] = await services.database.read(systemScope, (q) => [
    selectRunningAnswers(q, before, MAX_ANSWERS),
  ]);
  return runSweep(services, 'agent_conversations.end_abandoned', rows, async (ctx, message) => {
    await storeEnded(ctx, message).catch((error: unknown) => {
      if (!isStale(error)) throw error;
    });
  });
}

/** Scheduled: deletes conversations of calls that were long ago. */
export async function expireConversations({ database, clock }: Services): Promise<{ deleted: number }> {
  const [deleted] = await database.read(systemScope, (q) => [
    deleteOldCallConversations(q, new Date(clock.now()), MAX_CONVERSATIONS),
  ]);
  return { deleted: deleted.length };
}
