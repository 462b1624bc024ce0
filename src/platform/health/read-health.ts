import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { VERSION } from '../../kernel/core/index.ts';
import { formatMetricHeading, formatSample } from '../observability/index.ts';
import type { Dependency } from './health.ports.ts';
import {
  countOutboxMessages,
  countAllUnsealedEntries,
  selectOldestDue,
  OPEN_DELIVERY_STATUSES,
} from './health.queries.ts';
import { decideReadiness, type ReadinessStatus } from './health.rules.ts';

/** Name, version and environment of the service. */
export function readServiceInfo({ config, clock }: Pick<Ctx, 'config' | 'clock'>) {
  return {
    status: 'ok' as const,
    service: 'auralink' as const,
    version: VERSION,
    environment: config.ENVIRONMENT,
    timestamp: new Date(clock.now()).toISOString(),
  };
}

export interface Readiness {
  status: ReadinessStatus;
  dependencies: Dependency[];
}

/** Whether this isolate can take traffic, with the state of each dependency. */
export async function readReadiness(ctx: Ctx): Promise<Readiness> {
  const dependencies = await ctx.ports.health.dependencies(ctx);
  return { status: decideReadiness(dependencies), dependencies };
}

interface Gauge {
  name: string;
  help: string;
  samples: { labels?: Record<string, string>; value: number }[];
}

const DATABASE_UP = 'auralink_database_up';
const createDatabaseUpGauge = (value: 0 | 1): Gauge => ({
  name: DATABASE_UP,
  help: 'Whether the database answered; without it the other gauges are missing',
  samples: [{ value }],
});

const ageSeconds = (at: Date | null | undefined, nowMs: number) =>
  at ? Math.max(0, (nowMs - at.getTime()) / 1000) : 0;

/** Gauges of the whole product, read in one round trip: the same whichever isolate answers. */
async function readGauges(ctx: Ctx): Promise<Gauge[]> {
  const nowMs = ctx.clock.now();
  // The figures span all organizations, which only the system scope can count.
  const [messages, [due], [unsealed]] = await ctx.read(
    (q) => [countOutboxMessages(q), selectOldestDue(q, new Date(nowMs)), countAllUnsealedEntries(q)],
    systemScope,
  );
  const statusSamples = OPEN_DELIVERY_STATUSES.map((status) => ({
    labels: { status },
    value: messages.rows.find((row) => row.status === status)?.messages ?? 0,
  }));
  return [
    createDatabaseUpGauge(1),
    {
      name: 'auralink_outbox_messages',
      help: 'Unpublished events, and deliveries that are not done, by status',
      samples: statusSamples,
    },
    {
      name: 'auralink_outbox_oldest_due_age_seconds',
      help: 'Seconds since the message that has been due longest became due',
      samples: [{ value: ageSeconds(due?.at, nowMs) }],
    },
    {
      name: 'auralink_outbox_dead_letters',
      help: 'Messages that failed for good and wait for an operator',
      samples: [{ value: statusSamples.find(({ labels }) => labels.status === 'dead')?.value ?? 0 }],
    },
    {
      name: 'auralink_audit_unsealed_entries',
      help: 'Audit entries that are not yet sealed into their chain',
      samples: [{ value: unsealed?.entries ?? 0 }],
    },
    {
      name: 'auralink_audit_unsealed_oldest_age_seconds',
      help: 'Age of the oldest audit entry that is not yet sealed into its chain',
      samples: [{ value: ageSeconds(unsealed?.oldestAt, nowMs) }],
    },
  ];
}

/** The gauges of the database and the counters of this isolate, as Prometheus text 0.0.4. */
export async function readMetrics(ctx: Ctx): Promise<string> {
  let gauges: Gauge[];
  try {
    gauges = await readGauges(ctx);
  } catch (error) {
    ctx.log.warn('metrics.database', { error });
    gauges = [createDatabaseUpGauge(0)];
  }
  const lines = gauges.flatMap(({ name, help, samples }) => [
    ...formatMetricHeading(name, 'gauge', help),
    ...samples.map(({ labels = {}, value }) => formatSample(name, labels, value)),
  ]);
  const { counters, isolate } = ctx.telemetry;
  return `${lines.join('\n')}\n${counters.render(isolate)}`;
}
