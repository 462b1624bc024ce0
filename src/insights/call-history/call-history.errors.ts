import { defineErrors } from '../../kernel/core/index.ts';

export const callErrors = defineErrors('calls', {
  notFound: { status: 404, title: 'The call was not found' },
});
