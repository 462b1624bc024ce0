import { type Ctx, scopeOf } from '../../kernel/context/index.ts';
import { ID_PREFIXES } from '../../kernel/core/index.ts';
import { selectOperation } from './operations.queries.ts';
import type { Operation } from './operations.tables.ts';

/**
 * Proves that the requester is still a member, or a valid key, of an organization that was not deleted.
 * @throws AppError `auth.invalid_token` or `auth.outdated_token`
 */
export async function proveRequester(
  ctx: Ctx,
  { id, organizationId, requestedBy }: Operation,
): Promise<void> {
  const now = new Date(ctx.clock.now()).toISOString();
  const kind = requestedBy.split('_')[0];
  if (kind !== ID_PREFIXES.user && kind !== ID_PREFIXES.apiKey) return;
  const holder = kind === ID_PREFIXES.user ? { user: requestedBy } : { apiKey: requestedBy };
  const credential = { now, organization: organizationId, ...holder };
  await ctx.read((q) => [selectOperation(q, organizationId, id)], { ...scopeOf(ctx.actor), credential });
}
