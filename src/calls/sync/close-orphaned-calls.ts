import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { AppError, requestErrors } from '../../kernel/core/index.ts';
import { systemContext, publish } from '../../kernel/delivery/index.ts';
import { addEvidence, type Ledger, assembleLedgers, selectLedgers } from '../calls/index.ts';
import { evidenceOfSilence } from '../ledger/index.ts';
import { selectSilentOrphans, selectCallTimeouts } from './sweep.queries.ts';
import { evidenceOfClosing, overdueReason } from './overdue-calls.rules.ts';

/** So long an operator has to put right a configuration that leaves a cluster out by mistake. */
const ABANDONED_AFTER_MS = 900_000;
/** The others are the next minute's. */
const MAX_CALLS_PER_RUN = 100;

/** @returns whether anything was written; somebody who changed the call meanwhile has heard of it */
async function abandonCall(ctx: Ctx, ledger: Ledger, nobodyCame: boolean): Promise<boolean> {
  const nowMs = ctx.clock.now();
  const evidence = nobodyCame
    ? evidenceOfClosing('nobody_came', nowMs)
    : evidenceOfSilence(ledger.state, ledger.evidence, nowMs);
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
export async function closeOrphanedCalls(services: Services): Promise<{ closed: number }> {
  const partitions = new Set<string>();
  const ctx = systemContext(services, 'calls.reconcile', null, partitions);
  const nowMs = ctx.clock.now();
  const before = new Date(nowMs - ABANDONED_AFTER_MS);
  const [orphans] = await ctx.read(
    (q) => [selectSilentOrphans(q, services.ports.clusters.names, before, MAX_CALLS_PER_RUN)],
    systemScope,
  );
  if (orphans.length === 0) return { closed: 0 };
  const ids = orphans.map(({ id }) => id);
  const [timeouts, ...rows] = await ctx.read(
    (q) => [selectCallTimeouts(q, ids), ...selectLedgers(q, ids)] as const,
    systemScope,
  );
  let closed = 0;
  for (const ledger of assembleLedgers(rows).values()) {
    const { id, cluster } = ledger.rows.call;
    const timeout = timeouts.find(({ callId }) => callId === id);
    const isWaiting = ledger.state.call.status === 'waiting';
    // Who has a token that is good may still be on their way.
    if (isWaiting && (!timeout || !overdueReason(ledger, timeout, nowMs))) continue;
    if (!(await abandonCall(ctx, ledger, isWaiting))) continue;
    ctx.log.warn('calls.given_up', { callId: id, cluster });
    closed++;
  }
  await publish(services, [...partitions]);
  return { closed };
}
