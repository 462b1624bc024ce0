import type { Services } from '../../kernel/context/index.ts';
import { isStale } from '../../kernel/core/index.ts';
import { runAsSystem } from '../../kernel/delivery/index.ts';
import { finishGeneration, type GenerationOutcome } from '../generations/index.ts';
import { settleHold } from './hold-budget.ts';
import { isRowOpen, type StoredRun } from './runs.rules.ts';

/**
 * Settles the budget, and stores how a generation ended. It may be repeated.
 * @param getRun as it is at each moment: meanwhile its row may become known
 * @returns whether the outcome is stored now
 */
export async function settleRun(
  services: Services,
  getRun: () => StoredRun,
  outcome: GenerationOutcome,
  bytes: number,
): Promise<boolean> {
  const { organizationId, generationId } = getRun();
  try {
    await settleHold(services, getRun(), outcome, bytes);
    if (isRowOpen(getRun(), services.clock.now())) return false;
    await runAsSystem(services, 'ai.finish_generation', organizationId, (ctx) =>
      finishGeneration(ctx, getRun(), outcome),
    );
  } catch (error) {
    if (!isStale(error)) services.log.warn('ai.finish_failed', { generationId, organizationId, error });
    return false;
  }
  return true;
}
