import { isUseCharged } from '../../calls/included-use/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { selectBudget } from '../ai-budgets/index.ts';
import { selectPersonalPreferences, selectPreferences } from '../ai-preferences/index.ts';
import { selectPlatformModels } from '../models/index.ts';
import { selectProviderKeys } from '../provider-keys/index.ts';
import type { AskGround } from './ask-authority.ports.ts';

/** The ground as it is now; one round trip. */
export async function readGround(ctx: Ctx): Promise<AskGround> {
  const { organizationId, actor } = ctx;
  const userId = actor.kind === 'user' ? actor.userId : null;
  const now = new Date(ctx.clock.now());
  const [[budget], keys, [organization], [person], { rows: features }, { rows: uses }] = await ctx.read(
    (q) => [
      selectBudget(q, organizationId),
      selectProviderKeys(q, organizationId),
      selectPreferences(q, organizationId),
      selectPersonalPreferences(q, organizationId, userId),
      selectPlatformModels(q, { organizationId, now }),
      isUseCharged(q, { organizationId, now }, 'ai_output_tokens'),
    ],
  );
  return {
    budget,
    keys,
    preferences: { organization, person },
    isCharged: uses[0]!.isCharged,
    hasPlatformModels: features[0]?.included ?? false,
  };
}
