import type { Ctx, Services } from '../../kernel/context/index.ts';
import { systemScope } from '../../kernel/context/index.ts';
import { TOKEN_METERS } from '../../intelligence/models/index.ts';
import { selectGenerationById } from '../../intelligence/generations/index.ts';
import { markQuarterOf, refreshMarked } from './ai-analytics.queries.ts';

/** Quarters of one transaction, and transactions of one run. */
const MOST_QUARTERS = 200;
const MOST_BATCHES = 10;
/** A transaction that fails, as one that takes too long does, is repeated with so many times fewer. */
const FEWER = 20;

/** Has the quarter in which a generation was asked for computed again. */
export async function markQuarter(ctx: Ctx, { generationId }: { generationId: string }): Promise<void> {
  const { organizationId } = ctx;
  const [[row]] = await ctx.read((q) => [selectGenerationById(q, organizationId, generationId)]);
  if (!row) return;
  const now = new Date(ctx.clock.now());
  await ctx.commit({
    write: (q) => [markQuarterOf(q, organizationId, row.createdAt, now)],
    result: undefined,
  });
}

/** Scheduled each minute: computes what is marked. */
export async function refreshAiBuckets({ database }: Services): Promise<void> {
  let most = MOST_QUARTERS;
  for (let batch = 0; batch < MOST_BATCHES; batch++) {
    try {
      const [{ rows }] = await database.read(systemScope, (q) => [refreshMarked(q, most, TOKEN_METERS)]);
      if (rows[0]!.refreshed < most) return;
    } catch (error) {
      if (most === 1) throw error;
      most = Math.ceil(most / FEWER);
    }
  }
}
