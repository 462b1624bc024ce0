import { defineErrors } from '../../kernel/core/index.ts';

export const speechErrors = defineErrors('speech', {
  degraded: {
    status: 503,
    title: 'The speech service is away, or one of its engines is',
    retryAfterSeconds: 30,
  },
  busy: { status: 503, title: 'The speech service has too much to do', retryAfterSeconds: 5 },
  requestRefused: { status: 422, title: 'The speech service refused the request' },
  priceUnknown: { status: 409, title: 'There is a budget, and what the engine costs is not known' },
  outOfBudget: { status: 402, title: 'The budget for AI does not cover the request' },
});
