import type { Ctx } from '../../platform/context/index.ts';
import { changeApiKey } from './api-keys.queries.ts';
import { requireCoversScopes, withStatus } from './api-keys.rules.ts';
import type { NewApiKey } from './create-api-key.ts';
import { readLiveKeyAndAuthority } from './read-api-keys.ts';
import { createSecret } from './secret.ts';

/**
 * Gives a key a new secret. The one it had stays good for `graceSeconds`; one from an earlier reroll ends now.
 * @throws AppError `api_keys.not_found`, `api_keys.revoked`, `api_keys.beyond_authority` or `auth.forbidden`
 */
export async function rerollApiKey(ctx: Ctx, apiKeyId: string, graceSeconds: number): Promise<NewApiKey> {
  const { key, authority } = await readLiveKeyAndAuthority(ctx, apiKeyId);
  requireCoversScopes(authority, key.scopes);
  const { secret, prefix, hash } = await createSecret(ctx.ids, ctx.hasher, ctx.config.ENVIRONMENT);
  const now = ctx.clock.now();
  const grace = graceSeconds > 0;
  const set = {
    prefix,
    secretHash: hash,
    previousSecretHash: grace ? key.secretHash : null,
    previousValidUntil: grace ? new Date(now + graceSeconds * 1000) : null,
    updatedAt: new Date(now),
  };
  return ctx.commit({
    write: (q) => [changeApiKey(q, key, set)],
    audit: {
      action: 'api_key.rerolled',
      severity: 'warning',
      target: { type: 'apiKey', id: apiKeyId },
      before: { prefix: key.prefix },
      after: { prefix, graceSeconds },
    },
    effects: [
      {
        type: 'api_key.rerolled',
        key: apiKeyId,
        payload: { organizationId: key.organizationId, apiKeyId },
      },
    ],
    result: { key: withStatus({ ...key, ...set, version: key.version + 1 }, now), secret },
  });
}
