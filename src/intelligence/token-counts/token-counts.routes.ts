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
      'Says how many tokens of input a generation with this body has. The provider of the model that would be asked first counts; no model is ' +
      'asked, and nothing is charged. Anthropic and Google count; for other providers the answer is `ai.not_counted`.',
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
