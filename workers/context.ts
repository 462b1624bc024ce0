import {
  createContainerInstances,
  createFileCompressors,
  createInboxes,
  createLimitPorts,
  createLiveRooms,
  createPasswordHasher,
  createUploads,
} from '../durable-objects/stubs.ts';
import { createIntelligencePorts } from '../durable-objects/intelligence-ports.ts';
import { r2BucketOf } from '../durable-objects/r2-buckets.ts';
import { type Config, parseConfig } from '../src/kernel/config/index.ts';
import type { Ports, Services } from '../src/kernel/context/index.ts';
import {
  type Clock,
  createIds,
  type Ids,
  systemClock,
  systemTimers,
  VERSION,
  type Telemetry,
} from '../src/kernel/core/index.ts';
import { createHasher, createSigner, createVault } from '../src/kernel/crypto/index.ts';
import { createDatabase } from '../src/kernel/db/index.ts';
import {
  aiProviderProbe,
  compressionProbe,
  speechProbe,
  createHealthMonitor,
  databaseProbe,
  type HealthMonitor,
  liveKitProbe,
  mailProbe,
  objectStorageProbe,
  queueProbe,
} from '../src/platform/health/index.ts';
import { createHttpMailer } from '../src/platform/mail/index.ts';
import { createOutgoing, createResolver } from '../src/platform/outgoing/index.ts';
import { createLog, createTelemetry, parseOtlpHeaders } from '../src/platform/observability/index.ts';
import { clustersFromConfig, createClusters } from '../src/calls/clusters/index.ts';
import { createR2ObjectStore } from './r2-object-store.ts';
import { createSha256 } from './running-hash.ts';
import { createScanner } from './scanner-client.ts';
import { createSubscriptions } from '../src/kernel/delivery/index.ts';
import { foldModules } from '../src/kernel/modules/index.ts';
import { createProvenAskers } from '../src/intelligence/ask-authority/index.ts';
import { createModelPrices } from '../src/billing/prices/index.ts';
import { requireDistinctMeters } from '../src/billing/meters/index.ts';
import { modules } from '../src/modules.ts';
import { createWakeupQueue } from './wakeup-queue.ts';
import { createPageFiles } from './page-files.ts';
import { findConnection, findHealth } from './compression-connection.ts';
import { createCompressionPorts } from './compression-service.ts';
import { buildPayments } from './payment-providers.ts';
import { createAnalytics } from './analytics-writer.ts';
import { aiAddresses, createAiPorts, findWorkersAi } from './ai-providers.ts';

function buildTelemetry(config: Config, clock: Clock, ids: Ids): Telemetry {
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  return createTelemetry({
    clock,
    ids,
    sampleRate: config.LOG_SAMPLE_RATE,
    collector: endpoint
      ? {
          endpoint,
          headers: parseOtlpHeaders(config.OTEL_EXPORTER_OTLP_HEADERS),
          resource: {
            'service.name': 'auralink',
            'service.version': VERSION,
            'deployment.environment.name': config.ENVIRONMENT,
          },
        }
      : undefined,
  });
}

const subscriptions = createSubscriptions(foldModules(modules, 'subscriptions'));
const connectionChecks = foldModules(modules, 'connectionChecks');
const meters = requireDistinctMeters(foldModules(modules, 'meters'));

/** The composition root: the services of an isolate, from its configuration and bindings. */
export function createServices(
  config: Config,
  ports: Ports,
  clock: Clock = systemClock,
  onRoundTrip?: () => void,
): Services {
  const log = createLog(clock);
  const ids = createIds(() => clock.now());
  const telemetry = buildTelemetry(config, clock, ids);
  return {
    config,
    clock,
    timers: systemTimers,
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
    subscriptions,
    connectionChecks,
    meters,
    ports,
  };
}

function buildHealthMonitor(env: Env, config: Config): HealthMonitor {
  return createHealthMonitor([
    databaseProbe,
    queueProbe(() => env.OUTBOX.metrics()),
    objectStorageProbe,
    mailProbe,
    liveKitProbe({ url: config.LIVEKIT_URL }),
    compressionProbe(findHealth(config, createContainerInstances(env.COMPRESSION_CONTAINER))),
    speechProbe({ url: config.SPEECH_URL }),
    aiProviderProbe({
      urls: aiAddresses(config),
      breaker: ({ ports }) => ports.modelBreakers.platformState(),
    }),
  ]);
}

export function createPorts(env: Env, config: Config): Ports {
  const outgoing = createOutgoing({
    resolver: createResolver(config.DNS_URL),
    allowed: config.OUTGOING_ALLOWED,
  });
  return {
    analytics: createAnalytics(env.ANALYTICS),
    clusters: createClusters(clustersFromConfig(config), systemClock),
    health: buildHealthMonitor(env, config),
    ...createLimitPorts(env.ORG_LIMITER, systemClock),
    passwords: createPasswordHasher(env.PASSWORD_HASHER),
    payments: buildPayments(config),
    ...createAiPorts(config, outgoing, findWorkersAi(env)),
    modelPrices: createModelPrices(systemClock),
    ...createIntelligencePorts(env, systemClock),
    provenAskers: createProvenAskers(systemClock),
    liveRooms: createLiveRooms(env.ROOM),
    inboxes: createInboxes(env.USER_INBOX),
    objects: createR2ObjectStore(r2BucketOf(env)),
    outgoing,
    uploads: createUploads(env.FILE_UPLOAD),
    scanner: createScanner(config),
    createSha256,
    ...createCompressionPorts(
      findConnection(config, createContainerInstances(env.COMPRESSION_CONTAINER)),
      systemClock,
    ),
    fileCompressors: createFileCompressors(env.FILE_COMPRESSOR),
    wakeupQueue: createWakeupQueue(env.OUTBOX),
    ...createPageFiles(env.ASSETS),
    mailer: createHttpMailer({
      url: config.MAIL_API_URL,
      apiKey: config.MAIL_API_KEY,
      from: config.MAIL_FROM,
      clock: systemClock,
    }),
  };
}

const servicesByEnv = new WeakMap<Env, Services>();

/** The services of this isolate, built at its first event. @throws ConfigError naming what is missing or malformed */
export function getServices(env: Env): Services {
  let services = servicesByEnv.get(env);
  if (!services) {
    const config = parseConfig(env);
    services = createServices(config, createPorts(env, config));
    servicesByEnv.set(env, services);
  }
  return services;
}
