import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { createGenerationExample, createGenerationSchema } from '../generation-requests/index.ts';
import { errorsOfStart, generationErrors } from '../generations/index.ts';
import { countTokens } from './count-tokens.ts';
import { tokenCountErrors } from './token-counts.errors.ts';
import { tokenCountExample, tokenCountSchema } from './token-counts.schemas.ts';

const { providerKeyRefused, requestRefused, noCredit, providerBusy, providerFailed } = generationErrors;

export const tokenCountRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/ai/count-tokens',
    operationId: 'countAiTokens',
    tag: 'AI',
    summary: 'Count tokens',
    description:
      'Counts the input tokens of a generation with this body, by the provider of the model that ' +
      'would be asked first. No model is asked, and nothing is charged. Only Anthropic and Google ' +
      'count; for other providers the error is `ai.not_counted`.',
    access: { kind: 'permission', permission: 'ai:write' },
    limit: 'ai',
    body: { schema: createGenerationSchema, example: createGenerationExample },
    bodyLimitBytes: 4 * 1024 * 1024,
    timeLimitSeconds: 20,
    success: {
      200: { description: 'The count', schema: tokenCountSchema, example: tokenCountExample },
    },
    errors: [
      ...errorsOfStart,
      tokenCountErrors.notCounted,
      entitlementErrors.featureNotIncluded,
      providerKeyRefused,
      requestRefused,
      noCredit,
      providerBusy,
      providerFailed,
    ],
    handle: (ctx, { body }) => countTokens(ctx, body),
    respond: (count) => ok(count),
  }),
];
