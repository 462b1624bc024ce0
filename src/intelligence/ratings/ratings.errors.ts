import { defineErrors } from '../../kernel/core/index.ts';

export const ratingErrors = defineErrors('ratings', {
  answerNotFound: { status: 404, title: 'The answer was not found' },
  notFound: { status: 404, title: 'The caller has not rated the answer' },
  notEnded: { status: 409, title: 'The answer has not ended' },
});
