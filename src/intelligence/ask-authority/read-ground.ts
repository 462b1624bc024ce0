import type { Ctx } from '../../kernel/context/index.ts';
import { selectBudget } from '../ai-budgets/index.ts';
import { selectProviderKeys } from '../provider-keys/index.ts';
import type { AskGround } from './ask-authority.ports.ts';

/** The ground as it is now; one round trip. */
export async function readGround(ctx: Ctx): Promise<AskGround> {
  const { organizationId } = ctx;
  const [[budget], keys] = await ctx.read((q) => [
    selectBudget(q, organizationId),
    selectProviderKeys(q, organizationId),
  ]);
  return { budget, keys };
}
