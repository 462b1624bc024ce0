export { API_KEY_PREFIX } from './api-key-secret.ts';
export { permissionsOfScopes, scopesPermitting, withStatus } from './api-keys.rules.ts';
export { type ApiKeyRow, revokeApiKeysOfOrganization, revokeApiKeysOfUser } from './api-keys.queries.ts';
export { createApiKeyVerifier } from './verify-api-key.ts';
export * from './api-keys.events.ts';
