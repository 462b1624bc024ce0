import { defineErrors } from '../../kernel/core/index.ts';

export const voiceErrors = defineErrors('voices', {
  notFound: { status: 404, title: 'The voice was not found' },
});
