import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { addEvidence, type Ledger, assembleLedgers, selectLedgers } from '../calls/index.ts';
import { evidenceOfSilence } from '../ledger/index.ts';
import { selectSilentOrphans } from './sweep.queries.ts';
import { evidenceOfClosing, overdueReason } from './overdue-calls.rules.ts';

/** Leaves an operator time to correct a configuration that omits a cluster by mistake. */
const ABANDONED_AFTER_MS = 900_000;
/** The rest is left to the next minute. */
const MAX_CALLS_PER_RUN = 100;

/**
 * Ends a call.
 * @returns whether it changed
 * @throws AppError `request.stale` when something was reported at the same moment, because then it is not silent
 */
async function closeCall(ctx: Ctx, ledger: Ledger): Promise<boolean> {
  const nowMs = ctx.clock.now();
  const { call } = ledger.state;
  const evidence =
    call.status === 'waiting'
      ? evidenceOfClosing('nobody_came', nowMs)
      : evidenceOfSilence(ledger.state, ledger.evidence, nowMs);
  const changed = await addEvidence(ctx, ledger, evidence);
  const { id, cluster } = ledger.rows.call;
  if (changed) ctx.log.warn('calls.orphan_closed', { callId: id, cluster });
  return changed;
}

/** A participant with a valid token may still be on the way to a call in which nobody has arrived. */
const isDue = (ledger: Ledger, nowMs: number): boolean =>
  ledger.state.call.status !== 'waiting' || overdueReason(ledger, nowMs) !== null;

/**
 * Scheduled each minute: ends calls on clusters that are not configured any more once nothing was reported on them for
 * 15 minutes. Their connections end when they were last seen, and the calls are lost. When the cluster is configured
 * again, its lists reopen what is still there. A call that cannot be ended is left to the next run.
 * @returns how many calls were closed, and how many failed
 */
export async function closeOrphanedCalls(services: Services): Promise<{ closed: number; failed: number }> {
  const { clock, database, ports } = services;
  const nowMs = clock.now();
  const before = new Date(nowMs - ABANDONED_AFTER_MS);
  const [orphans] = await database.read(systemScope, (q) => [
    selectSilentOrphans(q, ports.clusters.names, before, MAX_CALLS_PER_RUN),
  ]);
  if (orphans.length === 0) return { closed: 0, failed: 0 };
  const callIds = orphans.map(({ id }) => id);
  const ledgers = assembleLedgers(await database.read(systemScope, (q) => selectLedgers(q, callIds)));
  const due = [...ledgers]
    .filter(([, ledger]) => isDue(ledger, nowMs))
    .map(([id, ledger]) => ({ id, organizationId: null, ledger }));
  const { done, failed } = await runSweep(services, 'calls.close_orphaned', due, (ctx, { ledger }) =>
    closeCall(ctx, ledger),
  );
  return { closed: done, failed };
}
