import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { customProviderName } from '../providers/index.ts';
import { type CustomProviderRow, isCustomRow } from './custom-providers.rules.ts';
import type { SetCustomProvider } from './custom-providers.schemas.ts';
import { sealKey } from './key-secret.ts';
import { newRow, requireTaken } from './manage-keys.ts';
import { providerKeyErrors } from './provider-keys.errors.ts';
import { deleteProviderKeyRow, selectProviderKeys, upsertCustomProvider } from './provider-keys.queries.ts';

const targetOf = (organizationId: string) => ({ type: 'organization', id: organizationId });

/** @throws AppError `auth.forbidden` without `ai-settings:read` */
export async function listCustomProviders(ctx: Ctx): Promise<CustomProviderRow[]> {
  requirePermission(ctx.actor, 'ai-settings:read');
  const [rows] = await ctx.read((q) => [selectProviderKeys(q, ctx.organizationId)]);
  return rows.filter(isCustomRow);
}

/**
 * Stores a provider that accepts its key, in place of the one with its name. The key must come with each change, so
 * that a key for one address is never sent to another.
 * @throws AppError `ai_provider_keys.*`, `outgoing.*`, or `auth.forbidden` without `ai-settings:write`
 */
export async function setCustomProvider(
  ctx: Ctx,
  name: string,
  { secret, ...input }: SetCustomProvider,
): Promise<CustomProviderRow> {
  requirePermission(ctx.actor, 'ai-settings:write');
  const { href } = await ctx.ports.outgoing.requireAllowed(input.baseUrl);
  const { takesUsageOption, models } = input;
  const baseUrl = href.replace(/\/+$/, '');
  const provider = customProviderName(name);
  const endpoint = { baseUrl, takesUsageOption };
  await requireTaken(ctx, provider, { secret, endpoint });
  const id = ctx.ids.create('aiProviderKey');
  const sealedSecret = await sealKey(ctx, { id, endpoint }, secret);
  const row = { ...newRow(ctx), id, provider, sealedSecret, baseUrl, models, takesUsageOption };
  return ctx.commit({
    write: (q) => upsertCustomProvider(q, row),
    audit: {
      action: 'ai_custom_provider.set',
      severity: 'warning',
      target: targetOf(ctx.organizationId),
      after: { name, baseUrl, models: models.map((model) => model.id) },
    },
    result: row,
  });
}

/**
 * Removes a provider with its key. Running generations were asked with it already.
 * @throws AppError `ai_provider_keys.custom_not_found`
 */
export async function deleteCustomProvider(ctx: Ctx, name: string): Promise<void> {
  requirePermission(ctx.actor, 'ai-settings:write');
  const { organizationId } = ctx;
  const provider = customProviderName(name);
  await ctx.commit({
    write: (q) => [deleteProviderKeyRow(q, organizationId, provider, providerKeyErrors.customNotFound)],
    audit: {
      action: 'ai_custom_provider.removed',
      severity: 'warning',
      target: targetOf(organizationId),
      before: { name },
    },
    result: undefined,
  });
}
