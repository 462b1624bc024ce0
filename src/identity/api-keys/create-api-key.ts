import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, requireFuture, requirePermission } from '../../kernel/core/index.ts';
import { authorityOf, selectMembership } from '../members/index.ts';
import { type ApiKeyRow, holdApiKeys, insertApiKey, selectApiKey } from './api-keys.queries.ts';
import { type ApiKey, requireScopesWithinAuthority, withStatus } from './api-keys.rules.ts';
import type { CreateApiKey } from './api-keys.schemas.ts';
import { createSecret } from './api-key-secret.ts';
import { apiKeyErrors } from './api-keys.errors.ts';
import { apiKeyCreated } from './api-keys.events.ts';

/** A key with its secret, which is stored nowhere. */
export interface NewApiKey {
  key: ApiKey;
  secret: string;
}

/**
 * @returns the user whom the new key belongs to: the caller, or the user of the key that the caller is
 * @throws AppError `api_keys.beyond_authority` or `auth.forbidden`
 */
async function requireAuthorityOver(ctx: Ctx, scopes: readonly string[]): Promise<string | null> {
  const { organizationId, actor } = ctx;
  const callerId = actorId(actor) ?? '';
  const [[membership], [callingKey]] = await ctx.read((q) => [
    selectMembership(q, organizationId, callerId),
    selectApiKey(q, organizationId, callerId),
  ]);
  requireScopesWithinAuthority(authorityOf(actor, membership), scopes);
  return actor.kind === 'user' ? actor.userId : (callingKey?.createdBy ?? null);
}

/**
 * Creates a key of the organization.
 * @throws AppError `api_keys.beyond_authority`, `api_keys.expiry_in_past`, `billing.limit_reached` or `auth.forbidden`
 */
export async function createApiKey(ctx: Ctx, input: CreateApiKey): Promise<NewApiKey> {
  const { organizationId } = ctx;
  requirePermission(ctx.actor, 'api-keys:write');
  const createdBy = await requireAuthorityOver(ctx, input.scopes);
  const nowMs = ctx.clock.now();
  requireFuture(input.expiresAt, nowMs, apiKeyErrors.expiryInPast);

  const { secret, prefix, hash } = await createSecret(ctx.ids, ctx.hasher, ctx.config.ENVIRONMENT);
  const now = new Date(nowMs);
  const row: ApiKeyRow = {
    id: ctx.ids.create('apiKey'),
    organizationId,
    ...input,
    prefix,
    secretHash: hash,
    previousSecretHash: null,
    previousValidUntil: null,
    usageCount: 0,
    lastUsedAt: null,
    revokedAt: null,
    createdBy,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  return ctx.commit({
    grantsAuthority: true,
    write: (q) => [insertApiKey(q, row), ...holdApiKeys(q, organizationId, now)],
    audit: {
      action: 'api_key.created',
      severity: 'warning',
      target: { type: 'apiKey', id: row.id },
      after: { ...input, prefix },
    },
    events: [apiKeyCreated.of({ organizationId, apiKeyId: row.id })],
    result: { key: withStatus(row, nowMs), secret },
  });
}
