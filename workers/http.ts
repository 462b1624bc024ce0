import type { Hono } from 'hono';
import { roomFrames } from '../durable-objects/room-verbs.ts';
import {
  accessRoutes,
  createGuestTicketVerifier,
  createOperatorVerifier,
  createAccessTokenVerifier,
  GUEST_TICKET_PREFIX,
} from '../src/identity/access/index.ts';
import { API_KEY_PREFIX, apiKeyRoutes, createApiKeyVerifier } from '../src/identity/api-keys/index.ts';
import { analyticsRoutes } from '../src/business/analytics/index.ts';
import { authRoutes, userRoutes } from '../src/identity/accounts/index.ts';
import { invitationRoutes } from '../src/identity/invitations/index.ts';
import { memberRoutes } from '../src/identity/members/index.ts';
import { organizationRoutes } from '../src/identity/organizations/index.ts';
import { admissionRoutes } from '../src/meetings/admission/index.ts';
import { lobbyRoutes } from '../src/meetings/lobby/index.ts';
import { breakoutRoutes } from '../src/meetings/breakouts/index.ts';
import { lifecycleRoutes } from '../src/meetings/closing/index.ts';
import { moderationRoutes } from '../src/meetings/moderation/index.ts';
import { moveRoutes } from '../src/meetings/moves/index.ts';
import { pollRoutes } from '../src/meetings/polls/index.ts';
import { rosterRoutes } from '../src/meetings/roster/index.ts';
import { callHistoryRoutes } from '../src/meetings/call-history/index.ts';
import { syncRoutes } from '../src/meetings/intake/index.ts';
import { joinPageRoutes } from '../src/meetings/join-page/index.ts';
import { linkRoutes } from '../src/meetings/links/index.ts';
import { guestAccessRoutes } from '../src/meetings/visits/index.ts';
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
import { createRequestLimits, limitRoutes } from '../src/platform/limits/index.ts';
import { cryptoRoutes } from '../src/platform/crypto/index.ts';
import { documentationRoutes } from '../src/platform/docs/index.ts';
import { healthRoutes } from '../src/platform/health/index.ts';
import { createObserver } from '../src/platform/observability/index.ts';
import { deliveryRoutes, publish } from '../src/platform/delivery/index.ts';
import { auditRoutes } from '../src/platform/audit-trail/index.ts';
import { operationRoutes } from '../src/platform/operations/index.ts';
import { createHttpApp, type RequestGuard, type Route } from '../src/platform/http/index.ts';

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
  ...syncRoutes,
  ...linkRoutes,
  ...guestAccessRoutes,
  ...joinPageRoutes,
  ...admissionRoutes,
  ...lobbyRoutes,
  ...rosterRoutes,
  ...moderationRoutes,
  ...lifecycleRoutes,
  ...moveRoutes,
  ...breakoutRoutes,
  ...pollRoutes,
  ...realtimeRoutes(() => [roomChannel(roomFrames), inboxChannel]),
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

function createRequestGuard(services: Services): RequestGuard {
  const verifyToken = createAccessTokenVerifier(services.signer, services.clock);
  const verifyApiKey = createApiKeyVerifier(services);
  const verifyGuest = createGuestTicketVerifier(services.signer);
  const limits = createRequestLimits(services.hasher, services.config.AUTH_REQUESTS_PER_MINUTE);
  return {
    async authenticate(authorization) {
      const [scheme, credential] = authorization.split(' ');
      if (scheme?.toLowerCase() !== 'bearer' || !credential) throw authErrors.invalidToken();
      if (credential.startsWith(API_KEY_PREFIX)) return verifyApiKey(credential);
      return credential.startsWith(GUEST_TICKET_PREFIX) ? verifyGuest(credential) : verifyToken(credential);
    },
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
  /** Wakes the outbox in these lanes; publishes at once unless said otherwise. */
  publishEvents?: (partitions: string[]) => Promise<unknown>;
  verifyReplies?: boolean;
}

/** The HTTP side of the product. */
export function createHttp({
  services,
  publishEvents = (partitions) => publish(services, partitions),
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
