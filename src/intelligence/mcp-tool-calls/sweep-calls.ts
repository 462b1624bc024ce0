import { type Services, systemScope } from '../../kernel/context/index.ts';
import { deleteOldCalls } from './mcp-tool-calls.queries.ts';
import { USAGE_DAYS } from './mcp-tool-calls.rules.ts';

const MAX_CALLS_PER_RUN = 10_000;

/** Scheduled each hour: deletes calls that are no longer counted. */
export async function sweepCalls({ database, clock }: Services): Promise<{ deleted: number }> {
  const before = new Date(clock.now() - USAGE_DAYS * 86_400_000);
  const [deleted] = await database.read(systemScope, (q) => [deleteOldCalls(q, before, MAX_CALLS_PER_RUN)]);
  return { deleted: deleted.length };
}
