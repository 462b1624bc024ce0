import { type Ctx, type Services, systemScope } from '../../platform/context/index.ts';
import { AppError, requestErrors } from '../../platform/core/index.ts';
import { clockCtx, publish } from '../../platform/delivery/index.ts';
import { addEvidence, type Ledger, ledgersOf, readLedgers } from '../calls/index.ts';
import { evidenceOfSilence } from '../ledger/index.ts';
import { silentStrays, timeoutsOf } from './reconciliation.queries.ts';
import { closedNow, overdue } from './reconciliation.rules.ts';

/** So long an operator has to put right a configuration that leaves a cluster out by mistake. */
const GIVEN_UP_AFTER_MS = 900_000;
/** The others are the next minute's. */
const MOST_STRAYS = 100;

/** @returns whether anything was written; somebody who changed the call meanwhile has heard of it */
async function giveUp(ctx: Ctx, ledger: Ledger, nobodyCame: boolean): Promise<boolean> {
  const nowMs = ctx.clock.now();
  const evidence = nobodyCame
    ? closedNow('nobody_came', nowMs)
    : evidenceOfSilence(ledger.view, ledger.evidence, nowMs);
  try {
    return await addEvidence(ctx, ledger, evidence);
  } catch (error) {
    if (error instanceof AppError && error.code === requestErrors.stale.definition.code) return false;
    throw error;
  }
}

/**
 * Ends calls on clusters that are not configured any more, once nothing has been heard of them for a quarter of an hour:
 * their connections when they were last seen, and the calls as lost. Should the cluster be back, its lists open them again.
 * @returns how many were closed
 */
export async function closeStrays(services: Services): Promise<{ closed: number }> {
  const lanes = new Set<string>();
  const ctx = clockCtx(services, 'calls.reconcile', null, lanes);
  const nowMs = ctx.clock.now();
  const before = new Date(nowMs - GIVEN_UP_AFTER_MS);
  const [strays] = await ctx.read(
    (q) => [silentStrays(q, services.ports.clusters.names, before, MOST_STRAYS)],
    systemScope,
  );
  if (strays.length === 0) return { closed: 0 };
  const ids = strays.map(({ id }) => id);
  const [timeouts, ...rows] = await ctx.read(
    (q) => [timeoutsOf(q, ids), ...readLedgers(q, ids)] as const,
    systemScope,
  );
  let closed = 0;
  for (const ledger of ledgersOf(rows).values()) {
    const { id, cluster } = ledger.rows.call;
    const timeout = timeouts.find(({ callId }) => callId === id);
    const isWaiting = ledger.view.call.status === 'waiting';
    // Who has a token that is good may still be on their way.
    if (isWaiting && (!timeout || !overdue(ledger, timeout, nowMs))) continue;
    if (!(await giveUp(ctx, ledger, isWaiting))) continue;
    ctx.log.warn('calls.given_up', { callId: id, cluster });
    closed++;
  }
  await publish(services, [...lanes]);
  return { closed };
}
