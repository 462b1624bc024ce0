import { defineErrors } from '../../kernel/core/index.ts';

export const liveTranslationErrors = defineErrors('live_translations', {
  noModel: { status: 409, title: 'No model translates these captions' },
  tooMany: {
    status: 503,
    title: 'Too many captions of the call are translated by a model',
    retryAfterSeconds: 30,
  },
});
