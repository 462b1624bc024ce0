import { defineErrors } from '../../kernel/core/index.ts';

export const subscriptionErrors = defineErrors('billing', {
  alreadySubscribed: { status: 409, title: 'The organization has a subscription already' },
  notSubscribed: { status: 409, title: 'The organization has no subscription' },
  checkoutConflict: { status: 409, title: 'Another checkout was started at the same moment' },
  notChangeable: { status: 409, title: 'The subscription cannot be changed like this now' },
  returnUrlNotAllowed: { status: 422, title: 'The return address does not belong to the web app' },
});
