import type { Hono } from 'hono';
import {
  createAccessTokenVerifier,
  createGuestTicketVerifier,
  createOperatorVerifier,
  GUEST_TICKET_PREFIX,
  readBearerToken,
} from '../src/identity/access/index.ts';
import { API_KEY_PREFIX, createApiKeyVerifier } from '../src/identity/api-keys/index.ts';
import type { KeepAlive, Services } from '../src/kernel/context/index.ts';
import { authErrors } from '../src/kernel/core/index.ts';
import { publishPromptly } from '../src/kernel/delivery/index.ts';
import { modules } from '../src/modules.ts';
import { createHttpApp, foldRoutes, type RequestGuard, type Route } from '../src/platform/http/index.ts';
import { createRequestLimits } from '../src/platform/limits/index.ts';
import { createObserver } from '../src/platform/observability/index.ts';

/** Every route of the product. */
export const routes: readonly Route[] = foldRoutes(modules);

function createRequestGuard(services: Services): RequestGuard {
  const verifyToken = createAccessTokenVerifier(services.signer, services.clock);
  const apiKeys = createApiKeyVerifier(services);
  const verifyGuest = createGuestTicketVerifier(services.signer);
  const limits = createRequestLimits(services.hasher, services.config.AUTH_REQUESTS_PER_MINUTE);
  return {
    authenticate(authorization) {
      const credential = readBearerToken(authorization);
      if (credential === undefined) throw authErrors.invalidToken();
      if (credential.startsWith(API_KEY_PREFIX)) return apiKeys.verify(credential);
      return credential.startsWith(GUEST_TICKET_PREFIX) ? verifyGuest(credential) : verifyToken(credential);
    },
    authenticateKey(apiKey) {
      if (!apiKey.startsWith(API_KEY_PREFIX)) throw authErrors.invalidToken();
      return apiKeys.verify(apiKey);
    },
    forget: (actor) => actor.kind === 'apiKey' && apiKeys.forget(actor),
    authenticateOperator: createOperatorVerifier(services.config.OPERATOR_TOKEN, services.hasher),
    limitsFor: limits.forRequest,
    limitsForFailedAuthentication: limits.forRejectedCredential,
  };
}

const createRequestObserver = ({ log, telemetry, ports, config }: Services) =>
  createObserver({
    log,
    counters: telemetry.counters,
    analytics: ports.analytics,
    sampleRate: config.LOG_SAMPLE_RATE,
  });

export interface HttpOptions {
  services: Services;
  /** Publishes the outbox in these partitions; default: at once, in this isolate. */
  publishEvents?: (partitions: string[], keepAlive: KeepAlive) => Promise<unknown>;
  verifyReplies?: boolean;
}

/** The HTTP side of the product. */
export function createHttp({
  services,
  publishEvents = (partitions, keepAlive) => publishPromptly(services, partitions, keepAlive),
  verifyReplies = false,
}: HttpOptions): Hono {
  return createHttpApp(routes, {
    services,
    guard: createRequestGuard(services),
    publishEvents,
    onRequest: createRequestObserver(services),
    verifyReplies,
  });
}
