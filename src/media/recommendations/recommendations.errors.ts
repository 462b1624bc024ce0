import { defineErrors } from '../../kernel/core/index.ts';

export const recommendationErrors = defineErrors('compression', {
  recommendationNotFound: { status: 404, title: 'The recommendation was not found' },
  sessionNotFound: { status: 404, title: 'The session was not found' },
});
