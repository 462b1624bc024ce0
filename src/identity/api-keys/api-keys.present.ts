import type { ApiKey } from './api-keys.rules.ts';
import type { ApiKeyView, NewApiKeyView } from './api-keys.schemas.ts';
import type { NewApiKey } from './create-api-key.ts';

const toIso = (moment: Date | null) => moment?.toISOString() ?? null;

export function presentApiKey(key: ApiKey): ApiKeyView {
  const { id, name, prefix, scopes, requestsPerMinute, status, usageCount, createdBy } = key;
  return {
    id,
    name,
    prefix,
    scopes,
    requestsPerMinute,
    status,
    usageCount,
    lastUsedAt: toIso(key.lastUsedAt),
    expiresAt: toIso(key.expiresAt),
    revokedAt: toIso(key.revokedAt),
    previousSecretExpiresAt: toIso(key.previousValidUntil),
    createdBy,
    createdAt: key.createdAt.toISOString(),
    updatedAt: key.updatedAt.toISOString(),
  };
}

export function presentNewApiKey({ key, secret }: NewApiKey): NewApiKeyView {
  return { ...presentApiKey(key), secret };
}
