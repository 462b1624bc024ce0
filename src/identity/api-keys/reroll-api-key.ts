import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { changeApiKey } from './api-keys.queries.ts';
import { requireScopesWithinAuthority, withStatus } from './api-keys.rules.ts';
import type { NewApiKey } from './create-api-key.ts';
import { readActiveKeyAndAuthority } from './read-api-keys.ts';
import { createSecret } from './api-key-secret.ts';
import { apiKeyRerolled } from './api-keys.events.ts';

/**
 * Gives a key a new secret. The current one remains valid for `graceSeconds`; one from an earlier reroll ends now.
 * @throws AppError `api_keys.not_found`, `api_keys.revoked`, `api_keys.beyond_authority` or `auth.forbidden`
 */
export async function rerollApiKey(ctx: Ctx, apiKeyId: string, graceSeconds: number): Promise<NewApiKey> {
  requirePermission(ctx.actor, 'api-keys:write');
  const { key, authority } = await readActiveKeyAndAuthority(ctx, apiKeyId);
  requireScopesWithinAuthority(authority, key.scopes);
  const { secret, prefix, hash } = await createSecret(ctx.ids, ctx.hasher, ctx.config.ENVIRONMENT);
  const now = ctx.clock.now();
  const hasGracePeriod = graceSeconds > 0;
  const set = {
    prefix,
    secretHash: hash,
    previousSecretHash: hasGracePeriod ? key.secretHash : null,
    previousValidUntil: hasGracePeriod ? new Date(now + graceSeconds * 1000) : null,
    updatedAt: new Date(now),
  };
  return ctx.commit({
    grantsAuthority: true,
    write: (q) => [changeApiKey(q, key, set)],
    audit: {
      action: 'api_key.rerolled',
      severity: 'warning',
      target: { type: 'apiKey', id: apiKeyId },
      before: { prefix: key.prefix },
      after: { prefix, graceSeconds },
    },
    events: [apiKeyRerolled.of({ organizationId: key.organizationId, apiKeyId })],
    result: { key: withStatus({ ...key, ...set, version: key.version + 1 }, now), secret },
  });
}
