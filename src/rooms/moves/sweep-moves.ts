import { type Services, systemScope } from '../../kernel/context/index.ts';
import { deleteExpiredMoves } from './moves.queries.ts';

const BATCH_SIZE = 1_000;
const RETENTION_MS = 86_400_000;

/** Deletes moves that expired a day ago. */
export async function sweepMoves({ database, clock }: Services): Promise<{ deleted: number }> {
  const before = new Date(clock.now() - RETENTION_MS);
  const [deletedMoves] = await database.read(systemScope, (q) => [deleteExpiredMoves(q, before, BATCH_SIZE)]);
  return { deleted: deletedMoves.length };
}
