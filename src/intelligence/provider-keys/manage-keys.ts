import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission, withTimeout } from '../../kernel/core/index.ts';
import {
  type AiProviderName,
  type KeyedProviderName,
  ProviderFailure,
  type ProviderKey,
} from '../providers/index.ts';
import { type CatalogueKeyRow, isCatalogueRow } from './custom-providers.rules.ts';
import { sealKey } from './key-secret.ts';
import { providerKeyErrors } from './provider-keys.errors.ts';
import { deleteProviderKeyRow, selectProviderKeys, upsertProviderKey } from './provider-keys.queries.ts';

const targetOf = (organizationId: string) => ({ type: 'organization', id: organizationId });

/** @throws AppError `auth.forbidden` without `ai-settings:read` */
export async function listProviderKeys(ctx: Ctx): Promise<CatalogueKeyRow[]> {
  requirePermission(ctx.actor, 'ai-settings:read');
  const [rows] = await ctx.read((q) => [selectProviderKeys(q, ctx.organizationId)]);
  return rows.filter(isCatalogueRow);
}

/** How long a provider may take to accept or refuse a key. */
const TEST_MS = 15_000;

/** @throws AppError `ai_provider_keys.refused` or `.untested` */
export async function requireTaken(ctx: Ctx, provider: AiProviderName, key: ProviderKey): Promise<void> {
  try {
    const test = ctx.ports.chat.of(provider).testKey(key);
    await withTimeout(test, TEST_MS, () => new ProviderFailure(provider, 'stalled'));
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    if (error.kind === 'key_refused') throw providerKeyErrors.refused();
    // The key of an account without credit, or above its rate limit, works.
    if (error.kind !== 'no_credit' && error.kind !== 'busy')
      throw providerKeyErrors.untested({ cause: error });
  }
}

/** The common fields of new rows. */
export function newRow({ organizationId, actor, clock }: Ctx) {
  const now = new Date(clock.now());
  const createdBy = actor.kind === 'user' ? actor.userId : null;
  return { organizationId, testedAt: now, createdBy, createdAt: now, updatedAt: now, version: 1 };
}

/**
 * Stores a key that its provider accepts; it is used from the next request on.
 * @throws AppError `ai_provider_keys.*`, or `auth.forbidden` without `ai-settings:write`
 */
export async function setProviderKey(
  ctx: Ctx,
  provider: KeyedProviderName,
  secret: string,
): Promise<CatalogueKeyRow> {
  requirePermission(ctx.actor, 'ai-settings:write');
  await requireTaken(ctx, provider, { secret });
  const { organizationId } = ctx;
  const id = ctx.ids.create('aiProviderKey');
  const row: CatalogueKeyRow = {
    ...newRow(ctx),
    id,
    provider,
    sealedSecret: await sealKey(ctx, { id }, secret),
    baseUrl: null,
    models: null,
    takesUsageOption: null,
  };
  return ctx.commit({
    write: (q) => [upsertProviderKey(q, row)],
    audit: {
      action: 'ai_provider_key.set',
      severity: 'warning',
      target: targetOf(organizationId),
      after: { provider },
    },
    result: row,
  });
}

/**
 * Removes the key of a provider. Running generations were asked with it already.
 * @throws AppError `ai_provider_keys.not_found`
 */
export async function deleteProviderKey(ctx: Ctx, provider: KeyedProviderName): Promise<void> {
  requirePermission(ctx.actor, 'ai-settings:write');
  const { organizationId } = ctx;
  await ctx.commit({
    write: (q) => [deleteProviderKeyRow(q, organizationId, provider, providerKeyErrors.notFound)],
    audit: {
      action: 'ai_provider_key.removed',
      severity: 'warning',
      target: targetOf(organizationId),
      before: { provider },
    },
    result: undefined,
  });
}
