import { defineErrors } from '../../kernel/core/index.ts';

export const routingErrors = defineErrors('ai', {
  notConfigured: {
    status: 503,
    title: 'No key is configured for the provider of the model',
  },
  modelNotFound: { status: 404, title: 'The model is not in the catalogue' },
  modelNotAble: { status: 422, title: 'The model cannot do what the request asks for' },
  modelNotAllowed: { status: 403, title: 'The preferences for AI do not allow the model' },
  priceUnknown: {
    status: 409,
    title: 'The price of the model is unknown, and a budget or a highest price is set',
  },
  priceTooHigh: { status: 409, title: 'The answer may cost more than the preferences for AI allow' },
  noPreference: {
    status: 422,
    title: 'Neither the user nor the organization has a preferred model',
  },
  noRoute: { status: 422, title: 'No allowed model can answer the request' },
});
