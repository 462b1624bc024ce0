import type { Hono } from 'hono';
import { roomVerbs } from '../durable-objects/room-verbs.ts';
import {
  accessRoutes,
  createGuestVerifier,
  createOperatorVerifier,
  createTokenVerifier,
  GUEST_MARK,
} from '../src/identity/access/index.ts';
import { API_KEY_MARK, apiKeyRoutes, createApiKeyVerifier } from '../src/identity/api-keys/index.ts';
import { analyticsRoutes } from '../src/business/analytics/index.ts';
import { authRoutes, userRoutes } from '../src/identity/accounts/index.ts';
import { invitationRoutes } from '../src/identity/invitations/index.ts';
import { memberRoutes } from '../src/identity/members/index.ts';
import { organizationRoutes } from '../src/identity/organizations/index.ts';
import { admissionRoutes } from '../src/meetings/admission/index.ts';
import { lobbyRoutes } from '../src/meetings/lobby/index.ts';
import { breakoutRoutes } from '../src/meetings/breakouts/index.ts';
import { closingRoutes } from '../src/meetings/closing/index.ts';
import { moderationRoutes } from '../src/meetings/moderation/index.ts';
import { moveRoutes } from '../src/meetings/moves/index.ts';
import { pollRoutes } from '../src/meetings/polls/index.ts';
import { rosterRoutes } from '../src/meetings/roster/index.ts';
import { callHistoryRoutes } from '../src/meetings/call-history/index.ts';
import { intakeRoutes } from '../src/meetings/intake/index.ts';
import { joinPageRoutes } from '../src/meetings/join-page/index.ts';
import { linkRoutes } from '../src/meetings/links/index.ts';
import { visitRoutes } from '../src/meetings/visits/index.ts';
import { realtimeRoutes, roomChannel } from '../src/meetings/realtime/index.ts';
import { contactRoutes } from '../src/meetings/contacts/index.ts';
import { inboxChannel, inboxRoutes } from '../src/meetings/inbox/index.ts';
import { presenceRoutes } from '../src/meetings/presence/index.ts';
import { qualityRoutes } from '../src/meetings/quality/index.ts';
import { ringRoutes } from '../src/meetings/ringing/index.ts';
import { roomRoutes } from '../src/meetings/rooms/index.ts';
import { chatRoutes } from '../src/messaging/chat/index.ts';
import type { Services } from '../src/platform/context/index.ts';
import { authErrors } from '../src/platform/core/index.ts';
import { createCallLimits, limitRoutes } from '../src/platform/limits/index.ts';
import { cryptoRoutes } from '../src/platform/crypto/index.ts';
import { documentationRoutes } from '../src/platform/docs/index.ts';
import { healthRoutes } from '../src/platform/health/index.ts';
import { createObserver } from '../src/platform/observability/index.ts';
import { deliveryRoutes, publish } from '../src/platform/delivery/index.ts';
import { auditRoutes } from '../src/platform/audit-trail/index.ts';
import { operationRoutes } from '../src/platform/operations/index.ts';
import { createHttpApp, type Gatekeeper, type Route } from '../src/platform/http/index.ts';

/** Every route of the product, room by room. */
export const routes: readonly Route[] = [
  ...healthRoutes,
  ...cryptoRoutes,
  ...accessRoutes,
  ...authRoutes,
  ...userRoutes,
  ...organizationRoutes,
  ...memberRoutes,
  ...invitationRoutes,
  ...apiKeyRoutes,
  ...limitRoutes,
  ...roomRoutes,
  ...callHistoryRoutes,
  ...intakeRoutes,
  ...linkRoutes,
  ...visitRoutes,
  ...joinPageRoutes,
  ...admissionRoutes,
  ...lobbyRoutes,
  ...rosterRoutes,
  ...moderationRoutes,
  ...closingRoutes,
  ...moveRoutes,
  ...breakoutRoutes,
  ...pollRoutes,
  ...realtimeRoutes(() => [roomChannel(roomVerbs), inboxChannel]),
  ...chatRoutes,
  ...contactRoutes,
  ...presenceRoutes,
  ...ringRoutes,
  ...qualityRoutes,
  ...analyticsRoutes,
  ...inboxRoutes,
  ...deliveryRoutes,
  ...operationRoutes,
  ...auditRoutes,
  ...documentationRoutes(() => routes),
];

function createGatekeeper(services: Services): Gatekeeper {
  const verifyToken = createTokenVerifier(services.signer, services.clock);
  const verifyApiKey = createApiKeyVerifier(services);
  const verifyGuest = createGuestVerifier(services.signer);
  const limits = createCallLimits(services.hasher, services.config.AUTH_REQUESTS_PER_MINUTE);
  return {
    async authenticate(authorization) {
      const [scheme, credential] = authorization.split(' ');
      if (scheme?.toLowerCase() !== 'bearer' || !credential) throw authErrors.invalidToken();
      if (credential.startsWith(API_KEY_MARK)) return verifyApiKey(credential);
      return credential.startsWith(GUEST_MARK) ? verifyGuest(credential) : verifyToken(credential);
    },
    authenticateOperator: createOperatorVerifier(services.config.OPERATOR_TOKEN, services.hasher),
    limitsFor: limits.ofCall,
    limitsForRefusal: limits.ofRefusal,
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
  return createHttpApp(routes, {
    services,
    gatekeeper: createGatekeeper(services),
    publishEffects,
    onRequest: observe(services),
    verifyReplies,
  });
}
