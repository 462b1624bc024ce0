import { defineErrors } from '../../kernel/core/index.ts';

export const paymentMethodErrors = defineErrors('payment_methods', {
  notFound: { status: 404, title: 'The payment method was not found' },
  isNeeded: { status: 409, title: 'The subscription is charged to this payment method' },
});
