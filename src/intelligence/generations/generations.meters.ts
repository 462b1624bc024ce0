import { INCLUDED_UNITS } from '../../identity/entitlements/index.ts';
import { defineMeter, type Meter } from '../../kernel/modules/index.ts';
import { TOKEN_METERS, type TokenMeter } from '../models/index.ts';
import { generationEnded } from './generations.events.ts';
import { selectGeneration } from './generations.queries.ts';
import { hedgeIdOf, tokensOf } from './generations.rules.ts';

const DESCRIPTIONS: Readonly<Record<TokenMeter, string>> = {
  ai_input_tokens: 'Input tokens of models of the product that were in no cache',
  ai_output_tokens: 'Output tokens of models of the product, with their reasoning',
  ai_cache_read_tokens: 'Input tokens of models of the product that were read from a cache of their provider',
  ai_cache_write_tokens: 'Input tokens that providers cached for five minutes',
  ai_cache_write_hour_tokens: 'Input tokens that providers cached for an hour',
};

/** Usage that a provider charges to the product. Usage on a key of the organization is charged to the organization. */
export const tokenMeters: readonly Meter[] = TOKEN_METERS.map((name) =>
  defineMeter({
    name,
    feature: 'ai',
    unit: 'count',
    unitQuantity: INCLUDED_UNITS[name],
    description: `${DESCRIPTIONS[name]}, each answer once it has ended.`,
    dimensions: [
      'provider',
      'model',
      'service',
      'feature',
      'room',
      'call',
      'agent',
      'conversation',
      'team_run',
    ],
    event: generationEnded,
    read: async (ctx, { generationId }) => {
      const [[row]] = await ctx.read((q) => [selectGeneration(q, ctx.organizationId, generationId)]);
      if (!row || row.endedAt === null) return [];
      const { id, origin, version, userId, createdAt, hedge } = row;
      const used = [{ ...row, key: id, usage: row }, ...(hedge ? [{ ...hedge, key: hedgeIdOf(id) }] : [])];
      return used.flatMap(({ key, ownKey, provider, model, usage }) => {
        const quantity = tokensOf(usage)[name];
        const dimensions = { ...origin, provider, model };
        return ownKey || quantity === 0
          ? []
          : [{ key, occurredAtMs: createdAt.getTime(), quantity, version, dimensions, userId }];
      });
    },
  }),
);
