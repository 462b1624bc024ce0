import { env } from 'cloudflare:workers';
import { createLiveRooms } from '../../durable-objects/stubs.ts';
import { type RoomTicket, ROOM_SUBPROTOCOL } from '../../src/realtime/protocol/index.ts';
import type { Services } from '../../src/kernel/context/index.ts';
import { createIds } from '../../src/kernel/core/index.ts';
import { RoomObject } from '../../workers/index.ts';
import { RoomClient } from './room-client.ts';

const ids = createIds(() => Date.now());
const WAIT_MS = 5_000;
const ALL_FEATURES = { chat: true, files: true, captions: true, screenShare: true, recording: true };

export const newRoomId = () => ids.create('room');
export const newFrameId = () => crypto.randomUUID();
export const roomObject = (roomId: string) => env.ROOM.getByName(roomId);

export function ticketFor(roomId: string, identity: string, claims: Partial<RoomTicket> = {}): RoomTicket {
  const nowMs = Date.now();
  return {
    organizationId: 'org_01jd3v7q8gf4kr2x6a0w9mznpe',
    roomId,
    identity,
    participantId: null,
    callId: null,
    name: identity.slice(4),
    role: 'participant',
    kind: 'service',
    userId: null,
    linkId: null,
    lobbyEntryId: null,
    features: ALL_FEATURES,
    issuedAtMs: Math.floor(nowMs / 1000) * 1000,
    expiresAtMs: nowMs + 600_000,
    sinceMs: nowMs,
    ...claims,
  };
}

type Frame = Record<string, any> & { type: string }; // eslint-disable-line typescript/no-explicit-any -- looked into

/** A real socket of a live object, as a client has it. */
export class TestSocket {
  readonly texts: string[] = [];
  closed: { code: number; reason: string } | undefined;
  readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => void this.texts.push(data as string));
    socket.addEventListener('close', ({ code, reason }) => {
      this.closed = { code, reason };
    });
    socket.accept();
  }

  get frames(): Frame[] {
    return this.texts.map((text) => JSON.parse(text) as Frame);
  }

  send(frame: object | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Waits until something is so. */
  async waitUntil(done: () => boolean, what: string): Promise<void> {
    for (let waited = 0; !done(); waited += 5) {
      if (waited >= WAIT_MS)
        throw new Error(`in vain for ${what}; got ${this.texts.join('\n').slice(0, 2000)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** The first frame of the type that comes or came. */
  async waitForFrame(type: string, where: (frame: Frame) => boolean = () => true): Promise<Frame> {
    const found = () => this.frames.find((frame) => frame.type === type && where(frame));
    await this.waitUntil(() => found() !== undefined, type);
    return found()!;
  }

  async waitForClose(): Promise<number> {
    await this.waitUntil(() => this.closed !== undefined, 'the end of the socket');
    return this.closed!.code;
  }

  /** Sends a frame with an id of its own, and waits for its ack or error. */
  async sendAndWait(frame: { type: string; id?: string; [field: string]: unknown }): Promise<Frame> {
    const id = frame.id ?? newFrameId();
    this.send({ ...frame, id });
    const isAnswer = (each: Frame) => each.id === id && (each.type === 'ack' || each.type === 'error');
    await this.waitUntil(() => this.frames.some(isAnswer), `an answer to ${JSON.stringify(frame)}`);
    return this.frames.find(isAnswer)!;
  }

  /** What a client that follows the protocol knows after all this. */
  toRoomClient(client = new RoomClient()): RoomClient {
    for (const text of this.texts) client.receive(text);
    return client;
  }
}

export async function openSocket(ticket: RoomTicket): Promise<TestSocket> {
  const request = new Request(`http://auralink.test/api/v1/rooms/${ticket.roomId}/socket`, {
    headers: { Upgrade: 'websocket', 'Sec-WebSocket-Protocol': ROOM_SUBPROTOCOL },
  });
  const response = await createLiveRooms(env.ROOM).connect(request, ticket, null);
  return new TestSocket(response.webSocket!);
}

/** A socket that has said hello and got its answer. */
export async function join(
  roomId: string,
  identity: string,
  claims: Partial<RoomTicket> = {},
  cursor: unknown = null,
): Promise<TestSocket> {
  const socket = await openSocket(ticketFor(roomId, identity, claims));
  socket.send({ type: 'hello', cursor });
  await socket.waitUntil(
    () => socket.frames.some(({ type }) => ['welcome', 'resumed', 'waiting'].includes(type)),
    'the answer to hello',
  );
  return socket;
}

/** Gives every live room services of the test's making: the runtime's environment has no secrets. */
export function provideServices(services: () => Services): void {
  Object.assign(RoomObject.prototype, { services });
}
