import { defineErrors } from '../../kernel/core/index.ts';
import { routingErrors } from '../routing/index.ts';

const ownErrors = defineErrors('ai', {
  generationNotFound: { status: 404, title: 'The generation was not found' },
  eventsGone: { status: 410, title: 'The answer is not kept any more' },
  notRunning: { status: 409, title: 'The generation is not running' },
  providerKeyRefused: { status: 422, title: 'The provider refused the key of the organization' },
  requestRefused: { status: 422, title: 'The provider refused the request' },
  noCredit: { status: 402, title: 'The account at the provider has no credit left' },
  providerBusy: {
    status: 503,
    title: 'The provider takes no more requests at the moment',
    retryAfterSeconds: 10,
  },
  providerFailed: { status: 502, title: 'The provider failed, and no complete answer came' },
  outOfBudget: { status: 402, title: 'The budget for AI does not cover the request' },
  accessEnded: {
    status: 403,
    title: 'What the generation was asked with may not ask any more',
  },
  outOfTime: { status: 504, title: 'The generation took longer than it may' },
  interrupted: { status: 502, title: 'The generation was interrupted' },
  outputTooLarge: { status: 502, title: 'The answer is larger than it may be' },
  cancelled: { status: 409, title: 'The generation was cancelled' },
});

export const generationErrors = { ...routingErrors, ...ownErrors };

/** How a question that another module asks can be refused before its model is asked. */
export const errorsOfStart = Object.values(routingErrors);
