import { defineErrors } from '../../kernel/core/index.ts';

export const providerKeyErrors = defineErrors('ai_provider_keys', {
  notFound: { status: 404, title: 'The organization has no key for the provider' },
  refused: { status: 422, title: 'The provider does not take the key' },
  untested: {
    status: 503,
    title: 'The key could not be tested, because the provider did not answer',
    retryAfterSeconds: 10,
  },
});
