import { type Services, systemScope } from '../../platform/context/index.ts';
import { forgetMoves } from './moves.queries.ts';

const AT_ONCE = 1_000;
const KEPT_MS = 86_400_000;

/** Forgets moves that expired a day ago. */
export async function sweepMoves({ database, clock }: Services): Promise<{ forgotten: number }> {
  const before = new Date(clock.now() - KEPT_MS);
  const [gone] = await database.read(systemScope, (q) => [forgetMoves(q, before, AT_ONCE)]);
  return { forgotten: gone.length };
}
