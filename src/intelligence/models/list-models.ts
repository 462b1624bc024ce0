import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import type { AiProviderName } from '../providers/index.ts';
import type { ListedModelPrices } from './models.ports.ts';
import { selectOwnProviders, selectPlatformModels } from './models.queries.ts';
import { AI_MODELS } from './models.rules.ts';
import type { ModelView } from './models.schemas.ts';

const presentPrices = (prices: ListedModelPrices): ModelView['prices'] => ({
  currency: 'USD',
  input: prices.ai_input_tokens,
  output: prices.ai_output_tokens,
  cacheRead: prices.ai_cache_read_tokens,
  cacheWrite: prices.ai_cache_write_tokens,
  cacheWriteHour: prices.ai_cache_write_hour_tokens,
});

/**
 * The catalogue with the prices of its models, and which of them can be asked.
 * @throws AppError `auth.forbidden` without `ai:read`
 */
export async function listModels(ctx: Ctx): Promise<ModelView[]> {
  requirePermission(ctx.actor, 'ai:read');
  const { organizationId } = ctx;
  const now = new Date(ctx.clock.now());
  const [prices, [{ rows: keys }, { rows: features }]] = await Promise.all([
    ctx.ports.modelPrices.list(ctx, AI_MODELS),
    ctx.read((q) => [
      selectOwnProviders(q, organizationId),
      selectPlatformModels(q, { organizationId, now }),
    ]),
  ]);
  const own = new Set(keys.map(({ provider }) => provider));
  const isConfigured = (provider: AiProviderName) =>
    own.has(provider) || (features[0]!.included && ctx.ports.chat.keyOf(provider) !== undefined);
  return AI_MODELS.map((model, at) => ({
    ...model,
    capabilities: [...model.capabilities],
    prices: presentPrices(prices[at]!),
    configured: isConfigured(model.provider),
  }));
}
