import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { apiKeyEventSchema } from './api-keys.schemas.ts';

const defineApiKeyEvent = (type: string, description: string) =>
  defineEvent({
    type,
    description,
    payload: apiKeyEventSchema,
    example: { organizationId: exampleId('organization'), apiKeyId: exampleId('apiKey') },
    key: ({ apiKeyId }) => apiKeyId,
  });

export const apiKeyCreated = defineApiKeyEvent('api_key.created', 'An API key was created.');
export const apiKeyUpdated = defineApiKeyEvent(
  'api_key.updated',
  'Name, scopes, limit or expiry of an API key changed.',
);
export const apiKeyRerolled = defineApiKeyEvent('api_key.rerolled', 'An API key got a new secret.');
export const apiKeyRevoked = defineApiKeyEvent('api_key.revoked', 'An API key was revoked.');

export const apiKeyEvents = [apiKeyCreated, apiKeyUpdated, apiKeyRerolled, apiKeyRevoked];
