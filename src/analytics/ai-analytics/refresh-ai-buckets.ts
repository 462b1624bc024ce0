import type { Ctx, Services } from '../../kernel/context/index.ts';
import { systemScope } from '../../kernel/context/index.ts';
import { TOKEN_METERS } from '../../intelligence/models/index.ts';
import { selectGenerationById } from '../../intelligence/generations/index.ts';
import {
  endPostponement,
  markCostChanges,
  markQuarterOf,
  postponeOldest,
  refreshMarked,
} from './ai-analytics.queries.ts';

/** Quarters of one transaction, and transactions of one run. */
const MOST_QUARTERS = 200;
const MOST_BATCHES = 10;
/**
 * When a transaction fails or takes too long, it is repeated with the number of quarters divided by this, down to one.
 */
const FEWER = 20;
/**
 * How long a quarter that could not be computed waits, and the others of its organization, so that they do not stop
 * other organizations.
 */
const POSTPONED_MS = { failed: 60 * 60_000, others: 15 * 60_000 };

/** Marks the quarter in which a generation was requested to be computed again. */
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

/**
 * Leaves the organization of the quarter that has been marked longest to a later run.
 * @returns how many quarters wait
 */
async function postponeFailed({ clock, database, log }: Services, error: unknown): Promise<number> {
  const [failed, others] = [POSTPONED_MS.failed, POSTPONED_MS.others].map((ms) => new Date(clock.now() + ms));
  const [{ rows }] = await database.read(systemScope, (q) => [
    postponeOldest(q, { failed: failed!, others: others! }),
  ]);
  log.warn('sweep.item_failed', {
    name: 'ai_analytics.refresh',
    organizationId: rows[0]?.organizationId,
    error,
  });
  return rows.length;
}

/**
 * Scheduled each minute: computes the quarters that are marked or whose costs changed. An organization with a quarter
 * that cannot be computed waits, and does not stop others.
 * @returns how many quarters were computed, and how many were left to a later run because one failed
 */
export async function refreshAiBuckets(services: Services): Promise<{ done: number; failed: number }> {
  const { clock, database } = services;
  const now = new Date(clock.now());
  const outcome = { done: 0, failed: 0 };
  await database.read(systemScope, (q) => [
    endPostponement(q, now),
    markCostChanges(q, MOST_QUARTERS * MOST_BATCHES, now),
  ]);
  let most = MOST_QUARTERS;
  for (let batch = 0; batch < MOST_BATCHES; batch++) {
    try {
      const [{ rows }] = await database.read(systemScope, (q) => [refreshMarked(q, most, TOKEN_METERS)]);
      outcome.done += rows[0]!.refreshed;
      if (rows[0]!.refreshed < most) return outcome;
    } catch (error) {
      if (most === 1) outcome.failed += await postponeFailed(services, error);
      most = most === 1 ? MOST_QUARTERS : Math.ceil(most / FEWER);
    }
  }
  return outcome;
}
