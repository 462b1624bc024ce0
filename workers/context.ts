import { orgLimiter, passwordHasher } from '../durable-objects/stubs.ts';
import { type Config, parseConfig } from '../src/platform/config/index.ts';
import type { Ports, Services } from '../src/platform/context/index.ts';
import { type Clock, createIds, systemClock } from '../src/platform/core/index.ts';
import { createHasher, createSigner, createVault } from '../src/platform/crypto/index.ts';
import { createDatabase } from '../src/platform/db/index.ts';
import { createHttpMailer } from '../src/platform/mail/index.ts';
import { createLog } from '../src/platform/observability/index.ts';
import { r2Objects } from './objects.ts';

/** The composition root: what an isolate holds, made of its configuration and of what the world offers. */
export function createServices(
  config: Config,
  ports: Ports,
  clock: Clock = systemClock,
  onRoundTrip?: () => void,
): Services {
  const log = createLog(clock);
  return {
    config,
    clock,
    ids: createIds(() => clock.now()),
    log,
    database: createDatabase({
      connectionString: config.DATABASE_URL,
      localEndpoint: config.NEON_LOCAL_ENDPOINT,
      statementTimeoutMs: config.STATEMENT_TIMEOUT_MS,
      clock,
      ...(onRoundTrip ? { onRoundTrip } : {}),
    }),
    vault: createVault(config.ENCRYPTION_KEYS),
    signer: createSigner(config.SIGNING_KEYS, config.PUBLIC_URL, clock),
    hasher: createHasher(config.HASH_PEPPER),
    ports,
  };
}

export function portsOf(env: Env, config: Config): Ports {
  return {
    limiter: orgLimiter(env.ORG_LIMITER),
    passwords: passwordHasher(env.PASSWORD_HASHER),
    objects: r2Objects(env.OBJECTS),
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
