import type { RoomServices, RoomKey } from '../src/realtime/room-session/index.ts';
import {
  type LiveCommand,
  type LiveRooms,
  type RoomCaller,
  ROOM_TICKET_SECONDS,
  type RoomVerb,
  signRoomTicket,
} from '../src/realtime/protocol/index.ts';
import { findMessage, storeChatEvents, listMessages } from '../src/messaging/chat/index.ts';
import { createCtx, type Ctx, type Services, type KeepAlive } from '../src/kernel/context/index.ts';
import { type Actor, AppError, authErrors } from '../src/kernel/core/index.ts';
import { publish } from '../src/kernel/delivery/index.ts';
import { continueTrace } from '../src/kernel/core/index.ts';
import { IdempotentReplay } from '../src/kernel/idempotency/index.ts';

/** The room that asks: what it is told by its own verbs does not leave it. */
interface OwnRoom {
  apply(commands: readonly LiveCommand[]): { seq: number };
}

/**
 * Whom a frame's verb acts for: nobody is more in a socket than they are in the room, so they bring no permissions of
 * the organization along.
 */
function toActor({ kind, organizationId, roomId, identity, userId, linkId, name }: RoomCaller): Actor {
  if (kind === 'user' && userId !== null)
    return { kind: 'user', userId, sessionId: '', organizationId, role: null, plan: null, permissions: [] };
  if (kind === 'guest' && linkId !== null)
    return { kind: 'guest', guestId: identity, organizationId, roomId, linkId, name };
  throw authErrors.forbidden({ detail: 'services and agents use the API' });
}

/** One frame's, or one drain's, context: what happens is committed, logged and published as at any other door. */
function createRoomContext(
  services: Services,
  actor: Actor,
  keepAlive: KeepAlive,
  idempotency?: Parameters<typeof createCtx>[1]['idempotency'],
): Ctx {
  const requestId = services.ids.create('request');
  const after: Ctx['after'] = (name, work) => {
    const runGuarded = async () => {
      try {
        await work();
      } catch (error) {
        services.log.error('after.failed', { name, requestId, error });
      }
    };
    keepAlive(runGuarded());
  };
  return createCtx(services, {
    actor,
    origin: {
      requestId,
      traceparent: continueTrace(null, services.ids),
      ip: null,
      userAgent: null,
      continent: null,
    },
    after,
    idempotency,
    onEvents: (partitions) => after('outbox.publish', () => publish(services, partitions)),
    onRoundTrip: () => undefined,
  });
}

/** How a frame's answer is kept, so that it is the same when the frame is sent again. */
async function createIdempotencyOptions(
  { hasher }: Services,
  { type }: RoomVerb,
  { organizationId, roomId, identity }: RoomCaller,
  id: string,
  fields: Record<string, unknown>,
): Promise<Parameters<typeof createCtx>[1]['idempotency']> {
  const fingerprint = JSON.stringify([organizationId, roomId, type, fields]);
  const requestHash = await hasher.hash('idempotency', fingerprint);
  return {
    // An identity is in many rooms, and a service's name may be another's in another organization.
    key: { scope: identity, key: `frame:${roomId}:${id}`, requestHash },
    encode: (result) => ({ status: 200, headers: {}, body: JSON.stringify(result ?? null) }),
  };
}

/** Commands for this very room are applied here, not by a call of the object to itself. */
function withLocalCommands(services: Services, roomId: string, room: OwnRoom): Services {
  const remoteRooms = services.ports.liveRooms;
  const liveRooms: LiveRooms = {
    ...remoteRooms,
    apply: async (to, commands) => (to === roomId ? room.apply(commands) : remoteRooms.apply(to, commands)),
  };
  return { ...services, ports: { ...services.ports, liveRooms } };
}

/** What a live room asks of the rest of the product. */
export function createRoomServices(services: Services, room: OwnRoom, keepAlive: KeepAlive): RoomServices {
  const createSystemContext = ({ organizationId }: RoomKey) =>
    createRoomContext(services, { kind: 'system', name: 'live-room', organizationId }, keepAlive);
  return {
    log: services.log,
    signTicket: (claims, sinceMs) => signRoomTicket(services.signer, claims, ROOM_TICKET_SECONDS, sinceMs),
    persistChat: (place, events) => storeChatEvents(createSystemContext(place), place.roomId, events),
    readChat: (place, query) => listMessages(createSystemContext(place), place.roomId, query),
    findMessage: (place, messageId) => findMessage(createSystemContext(place), place.roomId, messageId),
    async callVerb(verb, caller, { id, ...frame }) {
      const startedAtMs = services.clock.now();
      const { type: _type, ...fields } = frame as Record<string, unknown>;
      const { organizationId, roomId } = caller;
      const idempotency = verb.leavesNoRecord
        ? undefined
        : await createIdempotencyOptions(services, verb, caller, id, fields);
      const localServices = withLocalCommands(services, roomId, room);
      let outcome = 'done';
      try {
        return await verb.handle(
          createRoomContext(localServices, toActor(caller), keepAlive, idempotency),
          caller,
          fields as never,
        );
      } catch (error) {
        outcome = error instanceof AppError ? error.code : 'failed';
        if (!(error instanceof IdempotentReplay)) throw error;
        outcome = 'replayed';
        return JSON.parse(error.reply.body ?? 'null') ?? undefined;
      } finally {
        const durationMs = services.clock.now() - startedAtMs;
        services.log.info('room.frame', { type: verb.type, organizationId, roomId, outcome, durationMs });
      }
    },
  };
}
