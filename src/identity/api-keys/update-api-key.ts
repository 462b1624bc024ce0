import type { Ctx } from '../../kernel/context/index.ts';
import {
  diffFields,
  type IfMatch,
  requireFuture,
  requirePermission,
  requireVersion,
} from '../../kernel/core/index.ts';
import { apiKeyErrors } from './api-keys.errors.ts';
import { changeApiKey, holdApiKeys } from './api-keys.queries.ts';
import { type ApiKey, requireScopesWithinAuthority, withStatus } from './api-keys.rules.ts';
import type { UpdateApiKey } from './api-keys.schemas.ts';
import { readActiveKeyAndAuthority } from './read-api-keys.ts';
import { apiKeyUpdated } from './api-keys.events.ts';

/**
 * Changes the given fields and keeps the others; the secret stays. An expired key that is made valid again counts as a new one.
 * @param ifMatch the version the caller has seen; undefined to change any version
 * @throws AppError `api_keys.not_found`, `api_keys.revoked`, `api_keys.beyond_authority`, `api_keys.expiry_in_past`,
 * `billing.limit_reached`, `auth.forbidden` or `request.stale`
 */
export async function updateApiKey(
  ctx: Ctx,
  apiKeyId: string,
  input: UpdateApiKey,
  ifMatch: IfMatch,
): Promise<ApiKey> {
  requirePermission(ctx.actor, 'api-keys:write');
  const { key, authority } = await readActiveKeyAndAuthority(ctx, apiKeyId);
  requireScopesWithinAuthority(authority, [...key.scopes, ...(input.scopes ?? [])]);
  const now = ctx.clock.now();
  requireFuture(input.expiresAt, now, apiKeyErrors.expiryInPast);
  requireVersion(key, ifMatch);
  const set = { ...input, updatedAt: new Date(now) };
  const changed = withStatus({ ...key, ...set, version: key.version + 1 }, now);
  const becomesActive = key.status === 'expired' && changed.status === 'active';
  return ctx.commit({
    grantsAuthority: true,
    write: (q) => [
      changeApiKey(q, key, set),
      ...(becomesActive ? holdApiKeys(q, key.organizationId, set.updatedAt) : []),
    ],
    audit: {
      action: 'api_key.updated',
      severity: 'warning',
      target: { type: 'apiKey', id: apiKeyId },
      ...diffFields<Record<string, unknown>>(key, input),
    },
    events: [apiKeyUpdated.of({ organizationId: key.organizationId, apiKeyId })],
    result: changed,
  });
}
