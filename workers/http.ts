import type { Hono } from 'hono';
import { accessRoutes, createOperatorVerifier, createTokenVerifier } from '../src/identity/access/index.ts';
import { memberRoutes } from '../src/identity/members/index.ts';
import { organizationRoutes } from '../src/identity/organizations/index.ts';
import type { Services } from '../src/platform/context/index.ts';
import { actorId, authErrors } from '../src/platform/core/index.ts';
import { createObserver } from '../src/platform/observability/index.ts';
import { publish } from '../src/platform/delivery/index.ts';
import { createHttpApp, type Gatekeeper, openApiDocument, type Route } from '../src/platform/http/index.ts';

/** Every route of the product, room by room. */
export const routes: readonly Route[] = [...accessRoutes, ...organizationRoutes, ...memberRoutes];

function createGatekeeper(services: Services): Gatekeeper {
  const verifyToken = createTokenVerifier(services.signer, services.clock);
  return {
    async authenticate(authorization) {
      const [scheme, credential] = authorization.split(' ');
      if (scheme?.toLowerCase() !== 'bearer' || !credential) throw authErrors.invalidToken();
      return verifyToken(credential);
    },
    authenticateOperator: createOperatorVerifier(services.config.OPERATOR_TOKEN, services.hasher),
    async limitsFor(route, actor, origin) {
      const subject = actorId(actor) ?? origin.ip ?? 'unknown';
      const owner = ('organizationId' in actor && actor.organizationId) || subject;
      return [{ who: { owner, subject }, rule: { name: route.limit, limit: 100, windowSeconds: 60 } }];
    },
  };
}

const observe = ({ log, telemetry, ports, config }: Services) =>
  createObserver({
    log,
    counters: telemetry.counters,
    analytics: ports.analytics,
    sampleRate: config.LOG_SAMPLE_RATE,
  });

export interface HttpOptions {
  services: Services;
  /** Wakes the outbox in these lanes; publishes at once unless said otherwise. */
  publishEffects?: (lanes: string[]) => Promise<unknown>;
  verifyReplies?: boolean;
}

/** The HTTP side of the product. */
export function createHttp({
  services,
  publishEffects = (lanes) => publish(services, lanes),
  verifyReplies = false,
}: HttpOptions): Hono {
  const app = createHttpApp(routes, {
    services,
    gatekeeper: createGatekeeper(services),
    publishEffects,
    onRequest: observe(services),
    verifyReplies,
  });
  let document: object | undefined;
  app.get('/openapi.json', (c) => c.json((document ??= openApiDocument(routes, services.config.PUBLIC_URL))));
  return app;
}
