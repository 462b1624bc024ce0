import { type Services, systemScope } from '../../kernel/context/index.ts';
import { isStale } from '../../kernel/core/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { ABANDONED_MS } from '../agent-tools/index.ts';
import { selectRunningAnswers } from './agent-conversations.queries.ts';
import { storeEnded } from './store-answer.ts';

const MAX_ANSWERS = 200;

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
