import { type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { deleteResolvedAlerts, selectDueOrganizations } from './ai-alerts.queries.ts';
import { evaluateAlerts } from './evaluate-alerts.ts';

const MAX_ORGANIZATIONS = 200;
/** How long an organization is due after an answer or a rating: long enough to have its turn behind others. */
const RECENT_MS = 30 * 60_000;
const RETENTION_MS = 90 * 86_400_000;

/** Scheduled every five minutes: evaluates the organizations with thresholds in which something may have changed. */
export async function sweepAlerts(services: Services): Promise<SweepOutcome> {
  const nowMs = services.clock.now();
  const [due] = await services.database.read(systemScope, (q) => [
    selectDueOrganizations(q, {
      now: new Date(nowMs),
      since: new Date(nowMs - RECENT_MS),
      limit: MAX_ORGANIZATIONS,
    }),
  ]);
  return runSweep(services, 'ai_alerts.evaluate', due, evaluateAlerts);
}

/** Scheduled: deletes alerts that were resolved more than 90 days ago. */
export async function deleteOldAlerts({ database, clock }: Services): Promise<void> {
  const before = new Date(clock.now() - RETENTION_MS);
  await database.commit(systemScope, (q) => [deleteResolvedAlerts(q, before)]);
}
