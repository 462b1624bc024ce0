import { defineErrors } from '../../kernel/core/index.ts';

export const grantErrors = defineErrors('billing', {
  grantNotFound: { status: 404, title: 'The grant was not found' },
});
