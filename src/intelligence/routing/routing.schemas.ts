import { z } from '@hono/zod-openapi';
import { moneySchema } from '../../kernel/money/index.ts';
import { ROUTE_POLICIES } from '../generation-requests/index.ts';
import { PASSED_OVER } from './routing.enums.ts';

export const passedOverSchema = z
  .enum(PASSED_OVER)
  .describe(
    'Why a model is passed over. `not_allowed`: by preferences; `not_able`: it cannot do what is asked; `context_too_small`: for the input; ' +
      '`output_too_small`: for the answer; `ended`: its provider may have ended it; `no_key`: there is none for its provider; `not_in_plan`: a ' +
      'key of the platform is for larger plans; `breaker_open`: it has failed again and again; `price_unknown`: and it must be known; `too_dear`: the answer may cost more than preferences ' +
      'allow; `not_measured`: too few recent answers; `chain_full`: as many come before it as are asked at most.',
  )
  .openapi('AiPassedOverReason');

export const routePolicySchema = z
  .enum(ROUTE_POLICIES)
  .nullable()
  .describe('The policy of the request; null where it names its models.');

const consideredSchema = z
  .object({
    provider: z.string().describe('Its provider.'),
    model: z.string().describe('The model.'),
    position: z
      .int()
      .nullable()
      .describe('Its place among those that are asked, from 1; null when it is passed over.'),
    reasons: z.array(passedOverSchema).describe('Why it is passed over; empty when it is asked.'),
    ownKey: z
      .boolean()
      .nullable()
      .describe('Whether it is asked with a key of the organization; null when there is no key.'),
    maxPrice: moneySchema
      .nullable()
      .describe('What the answer costs at most; null when that is not known, or decides nothing.'),
    firstOutputSeconds: z
      .number()
      .nullable()
      .describe(
        'Median time until its first output in recent answers; null when there are none, or they decide nothing.',
      ),
    breaker: z
      .object({
        state: z
          .enum(['closed', 'open', 'half_open'])
          .describe('`open`: it is not asked; `half_open`: one request tries it.'),
        retryAt: z.iso.datetime().nullable().describe('Until when it is not asked; null while it is closed.'),
      })
      .openapi('AiModelBreaker')
      .describe('Its breaker, for the organization and the key with which it is asked.'),
    measurements: z.int().min(0).describe('How many answers that is the median of.'),
  })
  .openapi('AiConsideredModel');

export const routeExplanationSchema = z
  .object({
    policy: routePolicySchema,
    isMeasured: z
      .boolean()
      .nullable()
      .describe(
        'For `fastest`: whether enough answers were measured; if not, default models come first, and the others by their price. Null for other policies.',
      ),
    considered: z
      .array(consideredSchema)
      .describe('The models that were considered: first those that are asked, in their order, at most 6.'),
  })
  .openapi('AiRouteExplanation');
export type RouteExplanation = z.output<typeof routeExplanationSchema>;

export const routeExplanationExample: RouteExplanation = {
  policy: 'cheapest',
  isMeasured: null,
  considered: [
    {
      provider: 'anthropic',
      model: 'claude-haiku-4-5',
      position: 1,
      reasons: [],
      ownKey: false,
      maxPrice: { amountMicros: 3_200, currency: 'USD' },
      firstOutputSeconds: null,
      breaker: { state: 'closed', retryAt: null },
      measurements: 0,
    },
    {
      provider: 'anthropic',
      model: 'claude-opus-5',
      position: null,
      reasons: ['too_dear'],
      ownKey: false,
      maxPrice: { amountMicros: 16_000, currency: 'USD' },
      firstOutputSeconds: null,
      breaker: { state: 'closed', retryAt: null },
      measurements: 0,
    },
  ],
};
