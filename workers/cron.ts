import { purgeExpiredVerifications } from '../src/identity/recovery/index.ts';
import { purgeExpiredSessions } from '../src/identity/sessions/index.ts';
import { sweepLobby } from '../src/rooms/lobby/index.ts';
import { recallDueBreakouts } from '../src/rooms/breakouts/index.ts';
import { warnEndingCalls } from '../src/rooms/lifecycle/index.ts';
import { sweepVisitors } from '../src/rooms/links/index.ts';
import { sweepMoves } from '../src/rooms/moves/index.ts';
import { deleteExpiredSamples } from '../src/insights/quality/index.ts';
import { closeOrphanedCalls, reconcileCalls } from '../src/calls/sync/index.ts';
import { sweepRings } from '../src/people/ringing/index.ts';
import { sealAllOrganizations } from '../src/platform/audit-chain/index.ts';
import { type Services, traceDatabase } from '../src/kernel/context/index.ts';
import { type KeepAlive, sweepDeliveries } from '../src/kernel/delivery/index.ts';
import { continueTrace } from '../src/kernel/core/index.ts';
import { sweepIdempotencyRecords } from '../src/kernel/idempotency/index.ts';
import { sweepOperations } from '../src/platform/operations/index.ts';

/** Work that the clock starts. It is idempotent: a missed minute is made up for by the next one. */
export interface ScheduledTask {
  name: string;
  /** Runs in the minutes since the epoch that this divides: 60 is each full hour, 1440 each midnight, UTC. */
  everyMinutes: number;
  run(services: Services): Promise<unknown>;
}

/** Every regular piece of work, room by room. */
export const scheduledTasks: readonly ScheduledTask[] = [
  { name: 'outbox.sweep', everyMinutes: 1, run: sweepDeliveries },
  { name: 'calls.reconcile', everyMinutes: 1, run: reconcileCalls },
  { name: 'calls.close_strays', everyMinutes: 1, run: closeOrphanedCalls },
  { name: 'audit.seal', everyMinutes: 1, run: sealAllOrganizations },
  { name: 'rings.sweep', everyMinutes: 1, run: sweepRings },
  { name: 'calls.warn_ending', everyMinutes: 1, run: warnEndingCalls },
  { name: 'breakouts.recall', everyMinutes: 1, run: recallDueBreakouts },
  { name: 'idempotency.sweep', everyMinutes: 5, run: sweepIdempotencyRecords },
  { name: 'operations.sweep', everyMinutes: 5, run: sweepOperations },
  { name: 'lobby.sweep', everyMinutes: 5, run: sweepLobby },
  { name: 'moves.sweep', everyMinutes: 15, run: sweepMoves },
  { name: 'quality.sweep', everyMinutes: 15, run: deleteExpiredSamples },
  { name: 'links.sweep', everyMinutes: 60, run: sweepVisitors },
  { name: 'sessions.purge', everyMinutes: 15, run: purgeExpiredSessions },
  { name: 'verifications.purge', everyMinutes: 15, run: purgeExpiredVerifications },
];

const MINUTE_MS = 60_000;

async function runTask(
  { name, run }: ScheduledTask,
  services: Services,
  keepAlive: KeepAlive,
): Promise<void> {
  const startedAt = services.clock.now();
  const trace = services.telemetry.tracer.begin({
    traceparent: continueTrace(null, services.ids),
    parentSpanId: null,
    name: `cron ${name}`,
    kind: 'internal',
  });
  let failure: unknown;
  let result: unknown;
  try {
    result = await run({ ...services, database: traceDatabase(services.database, trace) });
  } catch (error) {
    failure = error;
  } finally {
    const event = {
      name,
      traceparent: trace.traceparent,
      durationMs: services.clock.now() - startedAt,
      result,
      error: failure,
    };
    const outcome = failure === undefined ? 'done' : 'failed';
    services.telemetry.counters.add('auralink_isolate_cron_runs_total', { name, outcome });
    const failed = failure !== undefined;
    trace.end({ failed, remarkable: failed, attributes: { outcome } }, keepAlive);
    if (failure === undefined) services.log.info('cron.run', event);
    else services.log.error('cron.run', event);
  }
}

/** Runs what is due in the minute of `scheduledAtMs`; the failure of one entry leaves the others alone. */
export async function runCron(
  services: Services,
  scheduledAtMs: number,
  keepAlive: KeepAlive,
  tasks: readonly ScheduledTask[] = scheduledTasks,
): Promise<void> {
  const minute = Math.floor(scheduledAtMs / MINUTE_MS);
  const due = tasks.filter((entry) => minute % entry.everyMinutes === 0);
  await Promise.all(due.map((entry) => runTask(entry, services, keepAlive)));
}
