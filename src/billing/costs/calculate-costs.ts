import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { writeCostLines } from './costs.queries.ts';

/**
 * Writes the cost lines of usage that was just recorded. The system's scope reads all prices, which belong to no organization.
 * A delivery that is repeated finds the lines there and changes nothing.
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
