import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { selectLatestRepairs, selectProgress } from './reconciliation.queries.ts';
import { MAX_REPAIRS, type ReconciliationView } from './reconciliation.schemas.ts';

const DAY_MS = 86_400_000;

/** The progress and the repairs of the comparison with payment providers, for the platform's operator. */
export async function getReconciliation(ctx: Ctx): Promise<ReconciliationView> {
  const before = new Date(ctx.clock.now() - DAY_MS);
  const [[progress], repairs] = await ctx.read(
    (q) => [selectProgress(q, before), selectLatestRepairs(q, MAX_REPAIRS)],
    systemScope,
  );
  const { customers = 0, waiting = 0, oldestAt = null } = progress ?? {};
  return {
    customers,
    waiting,
    oldestAt: oldestAt === null ? null : new Date(oldestAt).toISOString(),
    repairs: repairs.map(({ organizationId, provider, objectId, fields, repairedAt }) => ({
      organizationId,
      provider,
      objectId,
      fields,
      repairedAt: repairedAt.toISOString(),
    })),
  };
}
