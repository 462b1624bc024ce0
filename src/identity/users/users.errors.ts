import { defineErrors } from '../../kernel/core/index.ts';

export const userErrors = defineErrors('accounts', {
  userNotFound: { status: 404, title: 'The user was not found' },
});
