import { defineErrors } from '../../kernel/core/index.ts';

export const customerErrors = defineErrors('billing', {
  notSubscribed: { status: 409, title: 'The organization has no subscription' },
  returnUrlNotAllowed: { status: 422, title: 'The return address does not belong to the web app' },
});
