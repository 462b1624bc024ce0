import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { writeCostLines } from './costs.queries.ts';

/**
 * Writes the cost lines of usage that was just recorded. Prices belong to no organization, so the system's scope reads
 * them. A repeated delivery finds the lines and changes nothing.
 */
export async function calculateCosts(
  ctx: Ctx,
  { meter, keys }: { meter: string; keys: readonly string[] },
): Promise<void> {
  if (keys.length === 0) return;
  const { organizationId } = ctx;
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [writeCostLines(q, organizationId, { meter, keys, now: new Date(ctx.clock.now()) })],
    result: undefined,
  });
}
