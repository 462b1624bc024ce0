export { API_KEY_PREFIX } from './api-key-secret.ts';
export { createApiKeyVerifier } from './verify-api-key.ts';
export * from './api-keys.events.ts';
