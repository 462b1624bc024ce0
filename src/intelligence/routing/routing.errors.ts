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
    title: 'There is a budget or a highest price, and what the model costs is not known',
  },
  priceTooHigh: { status: 409, title: 'The answer may cost more than the preferences for AI allow' },
  noPreference: {
    status: 422,
    title: 'No model is preferred, neither by the person nor by the organization',
  },
  noRoute: { status: 422, title: 'No model may be asked that can answer the request' },
});
