import type { Services } from '../../kernel/context/index.ts';
import { systemScope } from '../../kernel/context/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { selectQuietRuns } from '../workflow-runs/index.ts';
import { advanceRun } from './advance-run.ts';

/** Longer than deliveries are retried. */
const QUIET_MS = 20 * 60_000;
const RUNS_PER_SWEEP = 200;

/** Scheduled each five minutes: advances runs for which no event came, or whose delivery has failed for good. */
export async function sweepRuns(services: Services): Promise<SweepOutcome> {
  const before = new Date(services.clock.now() - QUIET_MS);
  const [quiet] = await services.database.read(systemScope, (q) => [
    selectQuietRuns(q, before, RUNS_PER_SWEEP),
  ]);
  return runSweep(services, 'workflow-steps.advance', quiet, (ctx, { id }) => advanceRun(ctx, id, LAST));
}

/** After this time, even a failure that may pass is stored. */
const LAST = Number.MAX_SAFE_INTEGER;
