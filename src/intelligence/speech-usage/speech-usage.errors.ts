import { defineErrors } from '../../kernel/core/index.ts';

export const speechErrors = defineErrors('speech', {
  degraded: {
    status: 503,
    title: 'The speech service, or the engine that is needed, is not available',
    retryAfterSeconds: 30,
  },
  busy: { status: 503, title: 'The speech service is too busy', retryAfterSeconds: 5 },
  requestRefused: { status: 422, title: 'The speech service refused the request' },
  priceUnknown: { status: 409, title: 'The price of the engine is unknown, and a budget is set' },
  outOfBudget: { status: 402, title: 'The budget for AI does not cover the request' },
});
