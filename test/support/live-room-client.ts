import { env } from 'cloudflare:workers';
import { setServicesResolver } from '../../durable-objects/resolve-services.ts';
import { createLiveRooms } from '../../durable-objects/stubs.ts';
import {
  ROOM_SUBPROTOCOL,
  type RoomServerFrame,
  type RoomTicket,
} from '../../src/realtime/protocol/index.ts';
import '../../workers/index.ts';
import { createIds } from '../../src/kernel/core/index.ts';
import { RoomReplica } from './room-replica.ts';
import { createTicket } from './room-ticket.ts';
import { SocketClient, workersTransport } from './socket-client.ts';

/**
 * Sets the services of live rooms: the environment of the test runtime has no secrets. The Worker's entry is imported
 * before, because it sets its own.
 */
export const provideServices = setServicesResolver;

const ids = createIds(() => Date.now());

export const newRoomId = () => ids.create('room');
export const newFrameId = () => crypto.randomUUID();
export const roomObject = (roomId: string) => env.ROOM.getByName(roomId);

/** A client of a live room's real socket. */
export class RoomClient extends SocketClient<RoomServerFrame> {
  constructor(socket: WebSocket) {
    super(workersTransport(socket));
  }

  /** Sends hello and waits for its answer. */
  async greet(cursor: unknown = null): Promise<this> {
    this.send({ type: 'hello', cursor });
    const isGreeting = ({ type }: RoomServerFrame) => ['welcome', 'resumed', 'waiting'].includes(type);
    await this.waitUntil(() => this.frames.some(isGreeting), 'the answer to hello');
    return this;
  }

  /** The state of a client that follows the protocol, after all frames that arrived. */
  toReplica(replica = new RoomReplica()): RoomReplica {
    for (const text of this.texts) replica.receive(text);
    return replica;
  }
}

export const ticketFor = (roomId: string, identity: string, claims: Partial<RoomTicket> = {}): RoomTicket =>
  createTicket(Date.now(), identity, { roomId, ...claims });

export async function openSocket(ticket: RoomTicket): Promise<RoomClient> {
  const request = new Request(`http://auralink.test/api/v1/rooms/${ticket.roomId}/socket`, {
    headers: { Upgrade: 'websocket', 'Sec-WebSocket-Protocol': ROOM_SUBPROTOCOL },
  });
  const response = await createLiveRooms(env.ROOM).connect(request, ticket, null);
  return new RoomClient(response.webSocket!);
}

/** Opens a socket and sends hello. */
export const join = async (
  roomId: string,
  identity: string,
  claims: Partial<RoomTicket> = {},
  cursor: unknown = null,
): Promise<RoomClient> => (await openSocket(ticketFor(roomId, identity, claims))).greet(cursor);
