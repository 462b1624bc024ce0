import type { Hono } from 'hono';
import { roomFrames } from '../durable-objects/room-frames.ts';
import {
  accessRoutes,
  jwksRoutes,
  createGuestTicketVerifier,
  createOperatorVerifier,
  createAccessTokenVerifier,
  GUEST_TICKET_PREFIX,
} from '../src/identity/access/index.ts';
import { API_KEY_PREFIX, apiKeyRoutes, createApiKeyVerifier } from '../src/identity/api-keys/index.ts';
import { analyticsRoutes } from '../src/analytics/realtime/index.ts';
import { recoveryRoutes } from '../src/identity/recovery/index.ts';
import { sessionRoutes } from '../src/identity/sessions/index.ts';
import { signInRoutes } from '../src/identity/sign-in/index.ts';
import { userRoutes } from '../src/identity/users/index.ts';
import { invitationRoutes } from '../src/identity/invitations/index.ts';
import { memberRoutes } from '../src/identity/members/index.ts';
import { organizationRoutes } from '../src/identity/organizations/index.ts';
import { admissionRoutes } from '../src/rooms/admission/index.ts';
import { lobbyRoutes } from '../src/rooms/lobby/index.ts';
import { breakoutRoutes } from '../src/rooms/breakouts/index.ts';
import { lifecycleRoutes } from '../src/rooms/lifecycle/index.ts';
import { moderationRoutes } from '../src/rooms/moderation/index.ts';
import { moveRoutes } from '../src/rooms/moves/index.ts';
import { pollRoutes } from '../src/rooms/polls/index.ts';
import { callHistoryRoutes } from '../src/insights/call-history/index.ts';
import { syncRoutes } from '../src/calls/sync/index.ts';
import { joinPageRoutes } from '../src/rooms/join-page/index.ts';
import { linkRoutes } from '../src/rooms/links/index.ts';
import { guestAccessRoutes } from '../src/rooms/guest-access/index.ts';
import { realtimeRoutes, roomChannel } from '../src/realtime/protocol/index.ts';
import { contactRoutes } from '../src/people/contacts/index.ts';
import { inboxChannel, inboxRoutes } from '../src/people/inbox/index.ts';
import { presenceRoutes } from '../src/people/presence/index.ts';
import { qualityRoutes } from '../src/insights/quality/index.ts';
import { ringRoutes } from '../src/people/ringing/index.ts';
import { roomRoutes } from '../src/rooms/rooms/index.ts';
import { chatRoutes } from '../src/messaging/chat/index.ts';
import type { Services } from '../src/kernel/context/index.ts';
import { authErrors } from '../src/kernel/core/index.ts';
import { createRequestLimits, limitRoutes } from '../src/platform/limits/index.ts';
import { documentationRoutes } from '../src/platform/docs/index.ts';
import { healthRoutes } from '../src/platform/health/index.ts';
import { createObserver } from '../src/platform/observability/index.ts';
import { deliveryRoutes, publish } from '../src/kernel/delivery/index.ts';
import { auditRoutes } from '../src/platform/audit-trail/index.ts';
import { operationRoutes } from '../src/platform/operations/index.ts';
import { createHttpApp, type RequestGuard, type Route } from '../src/platform/http/index.ts';

/** Every route of the product, room by room. */
export const routes: readonly Route[] = [
  ...healthRoutes,
  ...jwksRoutes,
  ...accessRoutes,
  ...signInRoutes,
  ...sessionRoutes,
  ...recoveryRoutes,
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
