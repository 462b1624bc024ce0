import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { isStale, requestErrors } from '../../kernel/core/index.ts';
import { requireSwitchedOn } from '../memory/index.ts';
import { mergeInto, selectSame } from './memory-merging.queries.ts';

const MAX_GROUPS = 50;

/**
 * Merges the memories of a space that have the same words in the same order, one group in each commit.
 * @param userId the person whose space it is; null for a room or the organization
 * @returns whether there may be more
 */
export async function mergeSame(
  ctx: Ctx,
  { space, userId }: { space: string; userId: string | null },
): Promise<boolean> {
  const { organizationId } = ctx;
  const scope = systemScopeOf(organizationId);
  const [{ rows }] = await ctx.read((q) => [selectSame(q, organizationId, space, MAX_GROUPS)], scope);
  for (const { mergedIds, ...kept } of rows)
    try {
      await ctx.commit({
        write: (q) => [
          ...(userId === null ? [] : [requireSwitchedOn(q, organizationId, userId)]),
          mergeInto(q, { organizationId, kept, mergedIds }, requestErrors.stale),
        ],
        audit:
          userId === null
            ? [
                {
                  action: 'memory.merged',
                  target: { type: 'memory', id: kept.id },
                  after: { merged: mergedIds },
                },
              ]
            : [],
        scope,
        result: undefined,
      });
    } catch (error) {
      // One of them was changed at the same moment: the next run decides again.
      if (!isStale(error)) throw error;
    }
  return rows.length === MAX_GROUPS;
}
