import { type AppError, defineErrors, isError } from '../../kernel/core/index.ts';

export const providerErrors = defineErrors('billing', {
  notConfigured: { status: 503, title: 'No payment provider is configured: there is only the free plan' },
  providerUnavailable: {
    status: 503,
    title: 'The payment provider is unavailable',
    retryAfterSeconds: 10,
  },
  providerRefused: { status: 422, title: 'The payment provider refused the request' },
  chargeTooSmall: {
    status: 422,
    title: 'The charge would be less than the payment provider collects',
  },
  paymentFailed: { status: 402, title: 'The payment failed' },
  promotionCodeInvalid: { status: 422, title: 'The promotion code is not valid' },
  notSupportedByProvider: {
    status: 422,
    title: 'The payment provider of the organization does not support this',
  },
  changeConflict: {
    status: 409,
    title: 'Another change of the subscription is being made',
    retryAfterSeconds: 5,
  },
  emailTaken: { status: 409, title: 'The payment provider has another customer with this e-mail address' },
  badSignature: { status: 401, title: 'The signature of the event is not valid' },
});

/**
 * A provider that does not have the catalogue is misconfigured: `npm run billing:catalog` creates the missing parts.
 */
export const withoutPrice = (provider: string, keys: readonly string[]): AppError =>
  providerErrors.providerUnavailable({
    detail: 'a price is missing at the payment provider: the operator must create the catalogue',
    cause: new Error(
      `${provider} has no price ${keys.join(', ')}: create the catalogue with npm run billing:catalog`,
    ),
  });

/** Whether a provider refused because a charge was less than it collects. */
export const isChargeTooSmall = (error: unknown): boolean => isError(error, providerErrors.chargeTooSmall);
