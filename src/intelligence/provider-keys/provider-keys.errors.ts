import { defineErrors } from '../../kernel/core/index.ts';

export const providerKeyErrors = defineErrors('ai_provider_keys', {
  notFound: { status: 404, title: 'The organization has no key for the provider' },
  customNotFound: { status: 404, title: 'The organization has no custom provider with this name' },
  tooManyCustom: { status: 409, title: 'The organization has reached its limit of custom providers' },
  refused: { status: 422, title: 'The provider refuses the key' },
  untested: {
    status: 503,
    title: 'The key could not be tested, because the provider did not answer',
    retryAfterSeconds: 10,
  },
});
