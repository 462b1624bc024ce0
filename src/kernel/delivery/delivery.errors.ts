import { defineErrors } from '../core/index.ts';

export const deadLetterErrors = defineErrors('dead_letters', {
  notFound: { status: 404, title: 'There is no such dead letter' },
});
