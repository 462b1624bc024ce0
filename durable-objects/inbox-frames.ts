import { permissionsOfRole } from '../src/identity/access/index.ts';
import type { InboxClientFrame, InboxClaims, PresenceView } from '../src/people/inbox/index.ts';
import { subscribeToPresence, setPresence } from '../src/people/presence/index.ts';
import { type RingAnswer, answerRing } from '../src/people/ringing/index.ts';
import { createCtx, type Ctx, type Services } from '../src/kernel/context/index.ts';
import { AppError, authErrors, type Permission, permits, requestErrors } from '../src/kernel/core/index.ts';
import { publish } from '../src/kernel/delivery/index.ts';
import { continueTrace } from '../src/kernel/core/index.ts';

/** How often a verb decides when others keep changing what it read. */
const MAX_ATTEMPTS = 3;

type ActionFrame = Exclude<InboxClientFrame, { type: 'hello' | 'ping' | 'ack' | 'presence.subscribe' }>;

const RING_ANSWERS: Record<Extract<ActionFrame, { ringId: string }>['type'], RingAnswer> = {
  'ring.accept': 'accepted',
  'ring.decline': 'declined',
  'ring.cancel': 'cancelled',
};

/** The person behind a connection, for one frame. */
function createFrameContext(
  services: Services,
  { userId, organizationId, sessionId, role, plan }: InboxClaims,
  keepAlive: (work: Promise<unknown>) => void,
): Ctx {
  const { ids, log } = services;
  const requestId = ids.create('request');
  const traceparent = continueTrace(null, ids);
  const runGuarded = async (name: string, work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      log.error('after.failed', { name, requestId, error });
    }
  };
  const after: Ctx['after'] = (name, work) => keepAlive(runGuarded(name, work));
  const permissions = permissionsOfRole(role);
  return createCtx(services, {
    actor: { kind: 'user', userId, sessionId, organizationId, role, plan, permissions },
    origin: { requestId, traceparent, ip: null, userAgent: null, continent: null },
    after,
    onEvents: (partitions) => after('outbox.publish', () => publish(services, partitions)),
    onRoundTrip: () => undefined,
  });
}

/** Whoever lost a race decides again from what is true now. */
async function retryWhenStale<T>(verb: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await verb();
    } catch (error) {
      const isStale = error instanceof AppError && error.code === requestErrors.stale.definition.code;
      if (!isStale || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

function requirePermission(ctx: Ctx, permission: Permission): void {
  if (ctx.actor.kind !== 'user' || !permits(ctx.actor.permissions, permission))
    throw authErrors.forbidden({ detail: `needs ${permission}` });
}

/** Does what a frame asks for, by the verb that the API calls. @throws AppError what the verb refuses with */
export async function dispatchFrame(
  services: Services,
  claims: InboxClaims,
  connectionId: string,
  frame: ActionFrame,
  keepAlive: (work: Promise<unknown>) => void,
): Promise<void> {
  const ctx = createFrameContext(services, claims, keepAlive);
  if (frame.type === 'presence.set') {
    const { status, message, expiresAt } = frame;
    await setPresence(ctx, { status, message, expiresAt });
    return;
  }
  requirePermission(ctx, 'calls:read');
  await retryWhenStale(() => answerRing(ctx, frame.ringId, RING_ANSWERS[frame.type], connectionId));
}

/**
 * Has changes of these people's presence shown to the person's devices from now on, and says how they stand.
 * @throws AppError `auth.forbidden` or `server.unavailable`
 */
export async function subscribePresence(
  services: Services,
  claims: InboxClaims,
  userIds: readonly string[],
  keepAlive: (work: Promise<unknown>) => void,
): Promise<PresenceView[]> {
  const ctx = createFrameContext(services, claims, keepAlive);
  requirePermission(ctx, 'contacts:read');
  return subscribeToPresence(ctx, userIds);
}
