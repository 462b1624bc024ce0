import { inboxes, limitPorts, liveRooms, passwordHasher } from '../durable-objects/stubs.ts';
import { type Config, parseConfig } from '../src/platform/config/index.ts';
import type { Ports, Services } from '../src/platform/context/index.ts';
import { type Clock, createIds, type Ids, systemClock, VERSION } from '../src/platform/core/index.ts';
import { createHasher, createSigner, createVault } from '../src/platform/crypto/index.ts';
import { createDatabase } from '../src/platform/db/index.ts';
import {
  aiProviderProbe,
  compressionProbe,
  createMonitor,
  databaseProbe,
  type HealthMonitor,
  liveKitProbe,
  mailProbe,
  objectStorageProbe,
  queueProbe,
} from '../src/platform/health/index.ts';
import { createHttpMailer } from '../src/platform/mail/index.ts';
import {
  type Analytics,
  createLog,
  createTelemetry,
  parseHeaders,
  type Telemetry,
} from '../src/platform/observability/index.ts';
import { clustersOf, createClusters } from '../src/meetings/clusters/index.ts';
import { r2Objects } from './objects.ts';
import { outboxQueue } from './outbox-queue.ts';
import { pageFiles } from './page-files.ts';

function telemetryOf(config: Config, clock: Clock, ids: Ids): Telemetry {
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  return createTelemetry({
    clock,
    ids,
    sampleRate: config.LOG_SAMPLE_RATE,
    collector: endpoint
      ? {
          endpoint,
          headers: parseHeaders(config.OTEL_EXPORTER_OTLP_HEADERS),
          resource: {
            'service.name': 'auralink',
            'service.version': VERSION,
            'deployment.environment.name': config.ENVIRONMENT,
          },
        }
      : undefined,
  });
}

/** The composition root: what an isolate holds, made of its configuration and of what the world offers. */
export function createServices(
  config: Config,
  ports: Ports,
  clock: Clock = systemClock,
  onRoundTrip?: () => void,
): Services {
  const log = createLog(clock);
  const ids = createIds(() => clock.now());
  const telemetry = telemetryOf(config, clock, ids);
  return {
    config,
    clock,
    ids,
    log,
    telemetry,
    database: createDatabase({
      connectionString: config.DATABASE_URL,
      localEndpoint: config.NEON_LOCAL_ENDPOINT,
      statementTimeoutMs: config.STATEMENT_TIMEOUT_MS,
      clock,
      onRoundTrip: (kind) => {
        telemetry.counters.add('auralink_isolate_database_round_trips_total', { kind });
        onRoundTrip?.();
      },
    }),
    vault: createVault(config.ENCRYPTION_KEYS),
    signer: createSigner(config.SIGNING_KEYS, config.PUBLIC_URL, clock),
    hasher: createHasher(config.HASH_PEPPER),
    ports,
  };
}

/** Analytics Engine samples by its index, so one organization's traffic does not hide another's. */
function analyticsEngine(dataset: AnalyticsEngineDataset): Analytics {
  return {
    write: ({ organizationId, route, method, status, code, durationMs, roundTrips }) =>
      dataset.writeDataPoint({
        indexes: [organizationId ?? ''],
        blobs: [route, method, `${Math.floor(status / 100)}xx`, code],
        doubles: [durationMs, roundTrips],
      }),
  };
}

/** Asked without a key: whether anybody is there. */
const AI_API_URL = 'https://api.anthropic.com/';

function healthMonitor(env: Env, config: Config): HealthMonitor {
  return createMonitor([
    databaseProbe,
    queueProbe(() => env.OUTBOX.metrics()),
    objectStorageProbe,
    mailProbe,
    liveKitProbe({ url: config.LIVEKIT_URL }),
    compressionProbe({ url: config.COMPRESSION_URL }),
    aiProviderProbe({ url: config.ANTHROPIC_API_KEY ? AI_API_URL : undefined }),
  ]);
}

export function portsOf(env: Env, config: Config): Ports {
  return {
    analytics: analyticsEngine(env.ANALYTICS),
    clusters: createClusters(clustersOf(config), systemClock),
    health: healthMonitor(env, config),
    ...limitPorts(env.ORG_LIMITER, systemClock),
    passwords: passwordHasher(env.PASSWORD_HASHER),
    liveRooms: liveRooms(env.ROOM),
    inboxes: inboxes(env.USER_INBOX),
    objects: r2Objects(env.OBJECTS),
    outboxQueue: outboxQueue(env.OUTBOX),
    pages: pageFiles(env.ASSETS),
    mailer: createHttpMailer({
      url: config.MAIL_API_URL,
      apiKey: config.MAIL_API_KEY,
      from: config.MAIL_FROM,
      clock: systemClock,
    }),
  };
}

const isolates = new WeakMap<Env, Services>();

/** The services of this isolate, built at its first event. @throws ConfigError naming what is missing or malformed */
export function servicesOf(env: Env): Services {
  let services = isolates.get(env);
  if (!services) {
    const config = parseConfig(env);
    services = createServices(config, portsOf(env, config));
    isolates.set(env, services);
  }
  return services;
}
