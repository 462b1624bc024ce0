import { INCLUDED_UNITS } from '../../identity/entitlements/index.ts';
import { defineMeter } from '../../kernel/modules/index.ts';
import { textsEmbedded } from './memory-search.events.ts';

/** Vectors stay even if their memory changes: the event is the fact that counts. */
export const embeddedTokens = defineMeter({
  name: 'embedded_tokens',
  feature: 'memory',
  unit: 'count',
  unitQuantity: INCLUDED_UNITS.embedded_tokens,
  description:
    'Tokens that an embedding model read to store and recall memories, as its provider counted them.',
  dimensions: ['model', 'purpose'],
  event: textsEmbedded,
  read: async (_ctx, { requestId, model, purpose, inputTokens, causedBy, at }) => [
    {
      key: requestId,
      occurredAtMs: Date.parse(at),
      quantity: inputTokens,
      version: 1,
      dimensions: { model, purpose },
      userId: causedBy,
    },
  ],
});
