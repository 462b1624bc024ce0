import { continueTrace } from '../src/kernel/core/index.ts';
import { type KeepAlive, type Services, ActorDatabase } from '../src/kernel/context/index.ts';
import { foldModules, type ScheduledTask } from '../src/kernel/modules/index.ts';
import { modules } from '../src/modules.ts';

/** Every scheduled task of the product. */
export const scheduledTasks: readonly ScheduledTask[] = foldModules(modules, 'schedules');

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
    result = await run({ ...services, database: new ActorDatabase(services.database, trace) });
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

/** Runs the tasks that are due in the minute of `scheduledAtMs`; a failure of one does not affect the others. */
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
