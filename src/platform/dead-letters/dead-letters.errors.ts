import { defineErrors } from '../../kernel/core/index.ts';

export const deadLetterErrors = defineErrors('dead_letters', {
  notFound: { status: 404, title: 'The dead letter was not found' },
});
