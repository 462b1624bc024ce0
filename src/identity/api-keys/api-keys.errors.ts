import { defineErrors } from '../../kernel/core/index.ts';

export const apiKeyErrors = defineErrors('api_keys', {
  notFound: { status: 404, title: 'There is no such API key' },
  revoked: { status: 409, title: 'The API key has been revoked' },
  beyondAuthority: { status: 403, title: 'The scopes hold more than the caller does' },
  expiryInPast: { status: 422, title: 'The API key would have expired already' },
});
