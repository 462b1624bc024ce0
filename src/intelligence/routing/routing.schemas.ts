import { z } from '@hono/zod-openapi';
import { moneySchema } from '../../kernel/money/index.ts';
import { ROUTE_POLICIES } from '../generation-requests/index.ts';
import { PASSED_OVER } from './routing.enums.ts';

export const passedOverSchema = z
  .enum(PASSED_OVER)
  .describe(
    'Why a model is excluded. `not_allowed`: by the preferences. `not_able`: it does not support the ' +
      'request. `context_too_small`: for the input. `output_too_small`: for the answer. `ended`: its ' +
      'provider may have ended it. `no_key`: there is no key for its provider. `not_in_plan`: the plan ' +
      'includes no key of the platform. `breaker_open`: it has failed repeatedly. `price_unknown`: its ' +
      'price must be known, and is not. `too_dear`: the answer may cost more than the preferences ' +
      'allow. `not_measured`: it has too few recent answers. `chain_full`: enough other models come ' +
      'first.',
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
      .describe('Its number among the models that are asked, from 1; null when it is excluded.'),
    reasons: z.array(passedOverSchema).describe('Why it is excluded; empty when it is asked.'),
    ownKey: z
      .boolean()
      .nullable()
      .describe('Whether it is asked with a key of the organization; null when there is no key.'),
    maxPrice: moneySchema
      .nullable()
      .describe('The most that the answer costs; null when it is unknown, or does not matter.'),
    firstOutputSeconds: z
      .number()
      .nullable()
      .describe(
        'Median time until its first output in recent answers; null without such answers, or when it ' +
          'does not matter.',
      ),
    breaker: z
      .object({
        state: z
          .enum(['closed', 'open', 'half_open'])
          .describe('`open`: it is not asked; `half_open`: one request is let through to test it.'),
        retryAt: z.iso.datetime().nullable().describe('It is not asked until then; null while it is closed.'),
      })
      .openapi('AiModelBreaker')
      .describe('Its circuit breaker, for the organization and the key with which it is asked.'),
    measurements: z.int().min(0).describe('Number of answers behind the median.'),
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
    hedgeAfterSeconds: z
      .int()
      .nullable()
      .describe(
        'Seconds without output after which the next model is asked in addition. Null: never, because ' +
          'nothing asks for it, there is one model only, or two may cost more than the preferences allow.',
      ),
    considered: z
      .array(consideredSchema)
      .describe('The models that were considered: first those that are asked, in order, at most 6.'),
  })
  .openapi('AiRouteExplanation');
export type RouteExplanation = z.output<typeof routeExplanationSchema>;

export const routeExplanationExample: RouteExplanation = {
  policy: 'cheapest',
  isMeasured: null,
  hedgeAfterSeconds: null,
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
