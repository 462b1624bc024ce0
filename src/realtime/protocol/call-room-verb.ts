import type { CtxOptions, KeepAlive, Services } from '../../kernel/context/index.ts';
import { type Actor, AppError, authErrors, retryStale } from '../../kernel/core/index.ts';
import { IdempotentReplay } from '../../kernel/idempotency/index.ts';
import { openSocketCtx } from '../sockets/index.ts';
import type { RoomCaller, RoomVerb } from './define-room-verb.ts';
import type { LiveCommand } from './live-commands.schemas.ts';
import type { LiveRooms } from './protocol.ports.ts';
import { actorOfTicket } from './room-tickets.ts';

/** Attempts of a verb whose commit meets a concurrent change, as over HTTP. */
const MAX_ATTEMPTS = 3;

/** The live room that calls: commands of its verbs for itself are applied without leaving it. */
export interface OwnRoom {
  apply(commands: readonly LiveCommand[]): { seq: number };
}

/** The actor of a frame. @throws AppError `auth.forbidden` for services and agents, who use the API */
function requirePerson(caller: RoomCaller): Actor {
  const actor = actorOfTicket(caller);
  if (actor?.kind === 'user' || actor?.kind === 'guest') return actor;
  throw authErrors.forbidden({ detail: 'services and agents must use the API' });
}

/** How the answer of a frame is stored, so that the frame gets it again when it is sent again. */
async function createIdempotencyOptions(
  { hasher }: Services,
  { type }: RoomVerb,
  { organizationId, roomId, identity }: RoomCaller,
  id: string,
  fields: Record<string, unknown>,
): Promise<CtxOptions['idempotency']> {
  const fingerprint = JSON.stringify([organizationId, roomId, type, fields]);
  const requestHash = await hasher.hash('idempotency', fingerprint);
  return {
    // An identity is in many rooms, and a service's name may belong to another service in another organization.
    key: { scope: identity, key: `frame:${roomId}:${id}`, requestHash },
    encode: (result) => ({ status: 200, headers: {}, body: JSON.stringify(result ?? null) }),
  };
}

function withLocalCommands(services: Services, roomId: string, room: OwnRoom): Services {
  const remoteRooms = services.ports.liveRooms;
  const liveRooms: LiveRooms = {
    ...remoteRooms,
    apply: async (to, commands) => (to === roomId ? room.apply(commands) : remoteRooms.apply(to, commands)),
  };
  return { ...services, ports: { ...services.ports, liveRooms } };
}

/**
 * Calls the verb of a frame for its sender, again when a concurrent change made it stale. A frame that is sent again with its
 * id has the first answer, unless the verb leaves no record.
 * @param room the live room that the frame was sent to
 * @returns the result for the ack; undefined for none
 * @throws AppError what the verb refuses with
 */
export async function callRoomVerb(
  services: Services,
  verb: RoomVerb,
  caller: RoomCaller,
  { id, ...frame }: { id: string },
  room: OwnRoom,
  keepAlive: KeepAlive,
): Promise<unknown> {
  const startedAtMs = services.clock.now();
  const { type: _type, ...fields } = frame as Record<string, unknown>;
  const { organizationId, roomId } = caller;
  const idempotency = verb.leavesNoRecord
    ? undefined
    : await createIdempotencyOptions(services, verb, caller, id, fields);
  let outcome = 'done';
  try {
    const localServices = withLocalCommands(services, roomId, room);
    const ctx = openSocketCtx(localServices, requirePerson(caller), keepAlive, idempotency);
    return await retryStale(MAX_ATTEMPTS, () => verb.handle(ctx, caller, fields as never));
  } catch (error) {
    outcome = error instanceof AppError ? error.code : 'failed';
    if (!(error instanceof IdempotentReplay)) throw error;
    outcome = 'replayed';
    return JSON.parse(error.reply.body ?? 'null') ?? undefined;
  } finally {
    const durationMs = services.clock.now() - startedAtMs;
    services.log.info('room.frame', { type: verb.type, organizationId, roomId, outcome, durationMs });
  }
}
