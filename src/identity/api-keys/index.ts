export { apiKeyEvents } from './api-keys.jobs.ts';
export { apiKeyRoutes } from './api-keys.routes.ts';
export { API_KEY_PREFIX } from './secret.ts';
export { createApiKeyVerifier } from './verify-api-key.ts';
