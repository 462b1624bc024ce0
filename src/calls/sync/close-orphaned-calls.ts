import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { isStale } from '../../kernel/core/index.ts';
import { systemContext, publish } from '../../kernel/delivery/index.ts';
import { addEvidence, type Ledger, assembleLedgers, selectLedgers } from '../calls/index.ts';
import { evidenceOfSilence } from '../ledger/index.ts';
import { selectSilentOrphans } from './sweep.queries.ts';
import { evidenceOfClosing, overdueReason } from './overdue-calls.rules.ts';

/** Leaves an operator time to correct a configuration that omits a cluster by mistake. */
const ABANDONED_AFTER_MS = 900_000;
/** The rest is left to the next minute. */
const MAX_CALLS_PER_RUN = 100;

/** @returns whether the call was closed; not when it was changed at the same moment, because then it is not silent */
async function closeCall(ctx: Ctx, ledger: Ledger, isWaiting: boolean): Promise<boolean> {
  const nowMs = ctx.clock.now();
  const evidence = isWaiting
    ? evidenceOfClosing('nobody_came', nowMs)
    : evidenceOfSilence(ledger.state, ledger.evidence, nowMs);
  try {
    return await addEvidence(ctx, ledger, evidence);
  } catch (error) {
    if (isStale(error)) return false;
    throw error;
  }
}

/**
 * Scheduled each minute: ends calls on clusters that are not configured any more once nothing was reported on them for
 * 15 minutes. Their connections end when they were last seen, and the calls are lost. When the cluster is configured
 * again, its lists reopen what is still there.
 * @returns how many calls were closed
 */
export async function closeOrphanedCalls(services: Services): Promise<{ closed: number }> {
  const partitions = new Set<string>();
  const ctx = systemContext(services, 'calls.close_orphaned', null, partitions);
  const nowMs = ctx.clock.now();
  const before = new Date(nowMs - ABANDONED_AFTER_MS);
  const [orphans] = await ctx.read(
    (q) => [selectSilentOrphans(q, services.ports.clusters.names, before, MAX_CALLS_PER_RUN)],
    systemScope,
  );
  if (orphans.length === 0) return { closed: 0 };
  const callIds = orphans.map(({ id }) => id);
  const ledgers = assembleLedgers(await ctx.read((q) => selectLedgers(q, callIds), systemScope));
  let closed = 0;
  for (const ledger of ledgers.values()) {
    const { id, cluster } = ledger.rows.call;
    const isWaiting = ledger.state.call.status === 'waiting';
    // A participant with a valid token may still be on the way.
    if (isWaiting && !overdueReason(ledger, nowMs)) continue;
    if (!(await closeCall(ctx, ledger, isWaiting))) continue;
    ctx.log.warn('calls.orphan_closed', { callId: id, cluster });
    closed++;
  }
  await publish(services, [...partitions]);
  return { closed };
}
