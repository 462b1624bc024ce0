import { defineErrors } from '../../kernel/core/index.ts';

export const liveTranslationErrors = defineErrors('live_translations', {
  noChannel: { status: 409, title: 'Translations are not spoken in this language' },
  askerGone: { status: 409, title: 'The member who opened the channel has left the organization' },
  noModel: { status: 409, title: 'No model translates these captions' },
  tooMany: {
    status: 503,
    title: 'Too many captions of the call are translated or spoken',
    retryAfterSeconds: 30,
  },
});
