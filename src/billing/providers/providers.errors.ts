import { defineErrors } from '../../kernel/core/index.ts';

export const providerErrors = defineErrors('billing', {
  notConfigured: { status: 503, title: 'No payment provider is configured: there is only the free plan' },
  providerUnavailable: {
    status: 503,
    title: 'The payment provider is unavailable',
    retryAfterSeconds: 10,
  },
  providerRefused: { status: 422, title: 'The payment provider refused the request' },
  paymentFailed: { status: 402, title: 'The payment failed' },
  promotionCodeInvalid: { status: 422, title: 'The promotion code is not valid' },
  notSupportedByProvider: { status: 422, title: 'The payment provider of the organization cannot do this' },
  changeConflict: {
    status: 409,
    title: 'Another change of the subscription is being made',
    retryAfterSeconds: 5,
  },
  emailTaken: { status: 409, title: 'The payment provider has another customer with this e-mail address' },
  badSignature: { status: 401, title: 'The signature of the event is not valid' },
});
