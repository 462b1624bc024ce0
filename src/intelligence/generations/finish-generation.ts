import type { Ctx } from '../../kernel/context/index.ts';
import { generationEnded } from './generations.events.ts';
import type { GenerationOutcome } from './generations.ports.ts';
import { changeGeneration, selectGeneration } from './generations.queries.ts';
import { endedRow } from './generations.rules.ts';

/**
 * Stores how a generation ended, once; its usage is counted from then on. One whose organization was erased meanwhile is stored
 * nowhere.
 * @throws AppError `request.stale` when something else changed it at the same moment
 */
export async function finishGeneration(
  ctx: Ctx,
  generationId: string,
  outcome: GenerationOutcome,
): Promise<void> {
  const [[row]] = await ctx.read((q) => [selectGeneration(q, ctx.organizationId, generationId)]);
  if (row?.status !== 'running') return;
  await ctx.commit({
    write: (q) => [changeGeneration(q, row, endedRow(outcome))],
    events: [generationEnded.of({ generationId, status: outcome.status })],
    result: undefined,
  });
}
