import { type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { deleteResolvedAlerts } from './compression-alerts.queries.ts';
import { WAITING_MS } from './compression-alerts.rules.ts';
import { selectDueOrganizations } from './due-organizations.queries.ts';
import { evaluateAlerts } from './evaluate-alerts.ts';

const MAX_ORGANIZATIONS = 500;
const RETENTION_MS = 90 * 86_400_000;

/** How long an organization is due after a compression has ended: long enough for a turn behind 7,000 others. */
const ENDED_MS = 15 * 60_000;

/**
 * Scheduled each minute: evaluates the organizations in which something may have changed, once each, however many of their compressions
 * have ended.
 */
export async function sweepAlerts(services: Services): Promise<SweepOutcome> {
  const nowMs = services.clock.now();
  const [due] = await services.database.read(systemScope, (q) => [
    selectDueOrganizations(q, {
      now: new Date(nowMs),
      endedSince: new Date(nowMs - ENDED_MS),
      quietSince: new Date(nowMs - WAITING_MS),
      limit: MAX_ORGANIZATIONS,
    }),
  ]);
  return runSweep(services, 'compression_alerts.evaluate', due, evaluateAlerts);
}

/** Scheduled: deletes alerts that were resolved more than 90 days ago. */
export async function deleteOldAlerts({ database, clock }: Services): Promise<void> {
  const before = new Date(clock.now() - RETENTION_MS);
  await database.commit(systemScope, (q) => [deleteResolvedAlerts(q, before)]);
}
