import { type Ctx, systemScopeOf } from '../context/index.ts';
import type { DomainEvent } from '../events/index.ts';

/**
 * Writes an event about each row of one organization in one commit, in the name of that organization; without rows nothing happens.
 * @param rows what the events are about
 */
export async function publishEach(
  ctx: Ctx,
  rows: readonly { id: string; organizationId: string }[],
  eventOf: (id: string) => DomainEvent,
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  await ctx.commit({
    scope: systemScopeOf(first.organizationId),
    write: () => [],
    events: rows.map(({ id }) => eventOf(id)),
    result: undefined,
  });
}
