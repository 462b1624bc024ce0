import { defineErrors } from '../../kernel/core/index.ts';

export const apiKeyErrors = defineErrors('api_keys', {
  notFound: { status: 404, title: 'The API key was not found' },
  revoked: { status: 409, title: 'The API key has been revoked' },
  beyondAuthority: { status: 403, title: 'The scopes include permissions that you do not have' },
  expiryInPast: { status: 422, title: 'The expiry of the API key is in the past' },
});
