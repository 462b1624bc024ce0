import type { Ctx } from '../../kernel/context/index.ts';
import {
  actorId,
  type Page,
  pageOf,
  type OrderedPageQuery,
  type PermissionGrant,
  readPageRange,
  requirePermission,
} from '../../kernel/core/index.ts';
import { authorityOf, selectMembership } from '../members/index.ts';
import { apiKeyErrors } from './api-keys.errors.ts';
import { selectApiKey, selectApiKeys } from './api-keys.queries.ts';
import { type ApiKey, withStatus } from './api-keys.rules.ts';

/** The organization's keys, also revoked ones. @throws AppError `auth.forbidden` */
export async function listApiKeys(ctx: Ctx, page: OrderedPageQuery): Promise<Page<ApiKey>> {
  requirePermission(ctx.actor, 'api-keys:read');
  const range = readPageRange(page);
  const [rows] = await ctx.read((q) => [selectApiKeys(q, ctx.organizationId, range)]);
  const now = ctx.clock.now();
  return pageOf(
    rows.map((row) => withStatus(row, now)),
    page.limit,
    (key) => key.id,
  );
}

/** @throws AppError `api_keys.not_found` or `auth.forbidden` */
export async function getApiKey(ctx: Ctx, apiKeyId: string): Promise<ApiKey> {
  requirePermission(ctx.actor, 'api-keys:read');
  const [[row]] = await ctx.read((q) => [selectApiKey(q, ctx.organizationId, apiKeyId)]);
  if (!row) throw apiKeyErrors.notFound();
  return withStatus(row, ctx.clock.now());
}

/**
 * A key that can still be changed, and what the caller may do at this moment, in one read.
 * @throws AppError `api_keys.not_found`, `api_keys.revoked` or `auth.forbidden`
 */
export async function readActiveKeyAndAuthority(
  ctx: Ctx,
  apiKeyId: string,
): Promise<{ key: ApiKey; authority: readonly PermissionGrant[] }> {
  const { organizationId } = ctx;
  const [[row], [membership]] = await ctx.read((q) => [
    selectApiKey(q, organizationId, apiKeyId),
    selectMembership(q, organizationId, actorId(ctx.actor) ?? ''),
  ]);
  if (!row) throw apiKeyErrors.notFound();
  if (row.revokedAt) throw apiKeyErrors.revoked();
  return { key: withStatus(row, ctx.clock.now()), authority: authorityOf(ctx.actor, membership) };
}
