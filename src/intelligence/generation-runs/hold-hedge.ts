import { holdIncluded } from '../../calls/included-use/index.ts';
import type { Services } from '../../kernel/context/index.ts';
import { isRefusal } from '../../kernel/core/index.ts';
import { runAsSystem } from '../../kernel/delivery/index.ts';
import { mostTokens } from '../ai-budgets/index.ts';
import { type Candidate, type GenerationPlan, hedgeIdOf } from '../generations/index.ts';
import { holdBudget, releaseBudget } from './hold-budget.ts';
import { EndedByGateway, TIME_LIMIT_MS } from './runs.rules.ts';

/** Ends well after the generation, whose end also ends the hold. */
const HELD_MS = 2 * TIME_LIMIT_MS;

/** Holds the most tokens that a second model can use, if the plan refuses use beyond what it includes. */
const holdTokens = (services: Services, { organizationId, generationId, request }: GenerationPlan) =>
  runAsSystem(services, 'ai.hold_hedge', organizationId, (ctx) => {
    const now = new Date(ctx.clock.now());
    const hold = { holder: hedgeIdOf(generationId), endsAt: new Date(now.getTime() + HELD_MS) };
    return ctx.commit({
      write: (q) => [holdIncluded(q, { organizationId, now }, mostTokens(request), hold)],
      result: undefined,
    });
  });

/**
 * Reserves what a second model may cost, in the budget and in what the plan includes.
 * @param candidates those of which one is asked
 * @returns whether it may be asked; too little is left for two is no failure
 */
export async function holdHedge(
  services: Services,
  plan: GenerationPlan,
  candidates: readonly Candidate[],
): Promise<boolean> {
  if (candidates.every(({ key }) => key !== null)) return true;
  try {
    await holdBudget(services, plan, hedgeIdOf(plan.generationId));
    await holdTokens(services, plan);
    return true;
  } catch (error) {
    const { generationId, organizationId } = plan;
    if (!(error instanceof EndedByGateway || isRefusal(error)))
      services.log.warn('ai.hedge_failed', { generationId, organizationId, error });
    await releaseHedge(services, plan);
    return false;
  }
}

/** Gives back the budget of a second model that is not asked; its hold of tokens ends by itself. */
export async function releaseHedge(services: Services, plan: GenerationPlan): Promise<void> {
  const { generationId, organizationId } = plan;
  await releaseBudget(services, plan, hedgeIdOf(generationId)).catch((error: unknown) =>
    services.log.warn('ai.hedge_failed', { generationId, organizationId, error }),
  );
}
