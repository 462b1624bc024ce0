import { defineErrors } from '../../kernel/core/index.ts';
import { routingErrors } from '../routing/index.ts';

const ownErrors = defineErrors('ai', {
  generationNotFound: { status: 404, title: 'The generation was not found' },
  eventsGone: { status: 410, title: 'The answer is no longer kept' },
  notRunning: { status: 409, title: 'The generation is not running' },
  providerKeyRefused: { status: 422, title: 'The provider refused the key of the organization' },
  requestRefused: { status: 422, title: 'The provider refused the request' },
  noCredit: { status: 402, title: 'The account at the provider has no credit left' },
  providerBusy: {
    status: 503,
    title: 'The provider accepts no more requests at the moment',
    retryAfterSeconds: 10,
  },
  providerFailed: { status: 502, title: 'The provider failed before the answer was complete' },
  outOfBudget: { status: 402, title: 'The budget for AI does not cover the request' },
  accessEnded: {
    status: 403,
    title: 'The credential of the generation is no longer allowed to ask',
  },
  outOfTime: { status: 504, title: 'The generation exceeded its time limit' },
  interrupted: { status: 502, title: 'The generation was interrupted' },
  outputTooLarge: { status: 502, title: 'The answer exceeds the size limit' },
  cancelled: { status: 409, title: 'The generation was cancelled' },
});

export const generationErrors = { ...routingErrors, ...ownErrors };

/** The errors of a question of another module before its model is asked. */
export const errorsOfStart = Object.values(routingErrors);
