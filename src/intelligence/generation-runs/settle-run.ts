import type { Services } from '../../kernel/context/index.ts';
import { isStale } from '../../kernel/core/index.ts';
import { isRowRefused, isValueRefused } from '../../kernel/db/index.ts';
import { runAsSystem } from '../../kernel/delivery/index.ts';
import { keepAnswer } from '../answer-cache/index.ts';
import {
  finishGeneration,
  type GenerationEvent,
  type GenerationOutcome,
  NO_USAGE,
} from '../generations/index.ts';
import { settleHold } from './hold-budget.ts';
import { outputBytes, outputOf } from './output.rules.ts';
import { goneAtMs, isRowOpen, type StoredRun } from './runs.rules.ts';

/** Keeps the answer for reuse if that is allowed. An answer that cannot be kept is asked for again. */
async function keepForReuse(
  services: Services,
  { reuse, saved, asker, organizationId, generationId }: StoredRun,
  { status, stopReason, usageState, usage, provider, model }: GenerationOutcome,
  events: readonly GenerationEvent[],
): Promise<void> {
  if (!reuse || saved || status !== 'completed' || stopReason === null || usageState !== 'exact') return;
  // The key is for the model that is asked first; the answer of another model must not be stored under it.
  if (reuse.provider !== provider || reuse.model !== model) return;
  const userId = asker.kind === 'user' ? asker.userId : null;
  const answer = { generationId, userId, provider, model, output: outputOf(events), stopReason, usage };
  await runAsSystem(services, 'ai.keep_answer', organizationId, (ctx) =>
    keepAnswer(ctx, reuse, answer),
  ).catch((error: unknown) => services.log.warn('ai.keep_failed', { generationId, organizationId, error }));
}

/**
 * How it ends when its outcome cannot be stored: it does not run for ever, and usage that the database refuses is not
 * counted.
 */
const withoutUsage = (outcome: GenerationOutcome): GenerationOutcome => ({
  ...outcome,
  status: 'failed',
  failure: 'interrupted',
  stopReason: null,
  usageState: 'none',
  usage: NO_USAGE,
});

async function storeEnd(services: Services, run: StoredRun, outcome: GenerationOutcome): Promise<void> {
  const { organizationId, generationId } = run;
  const store = (end: GenerationOutcome) =>
    runAsSystem(services, 'ai.finish_generation', organizationId, (ctx) => finishGeneration(ctx, run, end));
  try {
    await store(outcome);
  } catch (error) {
    // Other failures, such as a deadlock, are retried, so that usage is counted.
    const isHopeless = isValueRefused(error) || isRowRefused(error);
    if (!isHopeless || services.clock.now() < goneAtMs(outcome)) throw error;
    await store(withoutUsage(outcome));
    services.log.error('ai.usage_lost', { generationId, organizationId, error });
  }
}

/**
 * Settles the budget, and stores how a generation ended. It may be repeated.
 * @param getRun its present state, because its row may become known meanwhile
 * @returns whether the outcome is stored
 */
export async function settleRun(
  services: Services,
  getRun: () => StoredRun,
  outcome: GenerationOutcome,
  events: readonly GenerationEvent[],
): Promise<boolean> {
  const { organizationId, generationId } = getRun();
  try {
    await settleHold(services, getRun(), outcome, outputBytes(events));
    if (isRowOpen(getRun(), services.clock.now())) return false;
    await storeEnd(services, getRun(), outcome);
  } catch (error) {
    if (!isStale(error)) services.log.warn('ai.finish_failed', { generationId, organizationId, error });
    return false;
  }
  await keepForReuse(services, getRun(), outcome, events);
  return true;
}
