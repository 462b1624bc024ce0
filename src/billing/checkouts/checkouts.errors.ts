import { defineErrors } from '../../kernel/core/index.ts';

export const checkoutErrors = defineErrors('billing', {
  alreadySubscribed: { status: 409, title: 'The organization has a subscription already' },
  checkoutConflict: { status: 409, title: 'Another checkout was started at the same moment' },
});
