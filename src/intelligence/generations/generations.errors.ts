import { defineErrors } from '../../kernel/core/index.ts';

export const generationErrors = defineErrors('ai', {
  notConfigured: {
    status: 503,
    title: 'No key is configured for the provider of the model',
  },
  modelNotFound: { status: 404, title: 'The model is not in the catalogue' },
  modelNotAble: { status: 422, title: 'The model cannot do what the request asks for' },
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
  priceUnknown: { status: 409, title: 'There is a budget, and what the model costs is not known' },
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

/** How a question that another module asks can be refused before its model is asked. */
export const errorsOfStart = [
  generationErrors.modelNotFound,
  generationErrors.modelNotAble,
  generationErrors.notConfigured,
  generationErrors.priceUnknown,
];
