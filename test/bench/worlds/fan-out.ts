import { DurableObject } from 'cloudflare:workers';
import { RoomObject } from '../../../durable-objects/room.ts';
import { createLiveRooms } from '../../../durable-objects/stubs.ts';
import type { RoomTicket } from '../../../src/realtime/protocol/index.ts';
import type { Services } from '../../../src/kernel/context/index.ts';
import { createIds, systemClock } from '../../../src/kernel/core/index.ts';

/** The least that a room can do: each frame is sent to all sockets. */
export class BareRoom extends DurableObject {
  override async fetch(): Promise<Response> {
    const { 0: theirs, 1: ours } = new WebSocketPair();
    this.ctx.acceptWebSocket(ours);
    return new Response(null, { status: 101, webSocket: theirs });
  }

  override webSocketMessage(_socket: WebSocket, message: string | ArrayBuffer): void {
    for (const socket of this.ctx.getWebSockets()) socket.send(message);
  }
}

/** The same, and each message is stored before it is sent: the least that can be replayed. */
export class StoringRoom extends BareRoom {
  readonly #sql = this.ctx.storage.sql;

  constructor(ctx: DurableObjectState, env: never) {
    super(ctx, env);
    this.#sql.exec('create table if not exists events (seq integer primary key, body text)');
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.#sql.exec('insert into events (body) values (?)', message);
    super.webSocketMessage(socket, message);
  }
}

const quiet = { info: () => undefined, warn: () => undefined, error: console.error };

/** What the database answers to whatever is asked: nothing is found, and no delivery is due. A list of rows as queries give it, and as SQL does. */
const NOTHING = Object.assign([], { rows: [] });
const ANSWER = [NOTHING, { rows: [{ delayed: [] }] }, NOTHING];

/** A database and a signer that answer at once: what is measured is the room. */
const services = {
  clock: systemClock,
  ids: createIds(() => systemClock.now()),
  log: quiet,
  signer: { sign: async () => 'ticket' },
  database: { commit: async () => undefined, read: async () => ANSWER },
  ports: {},
} as unknown as Services;

/** The product's own live room. */
export class BenchRoom extends RoomObject {
  protected override services(): Services {
    return services;
  }
}

interface FanOutEnv {
  BARE: DurableObjectNamespace<BareRoom>;
  STORING: DurableObjectNamespace<StoringRoom>;
  ROOM: DurableObjectNamespace<BenchRoom>;
}

/** `/bare?room=`, `/storing?room=` and `/room?room=&identity=`, all for a WebSocket. */
export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    if (request.headers.get('upgrade') !== 'websocket') return new Response('ready');
    const room = searchParams.get('room')!;
    if (pathname === '/bare') return env.BARE.getByName(room).fetch(request);
    if (pathname === '/storing') return env.STORING.getByName(room).fetch(request);
    const nowMs = systemClock.now();
    const ticket: RoomTicket = {
      organizationId: 'org_01jd3v7q8gf4kr2x6a0w9mznpe',
      roomId: room,
      identity: searchParams.get('identity')!,
      participantId: null,
      callId: null,
      name: 'Somebody',
      role: 'participant',
      kind: 'service',
      userId: null,
      linkId: null,
      credential: null,
      lobbyEntryId: null,
      features: { chat: true, files: true, captions: true, screenShare: true, recording: true },
      issuedAtMs: nowMs,
      expiresAtMs: nowMs + 600_000,
      sinceMs: nowMs,
    };
    return createLiveRooms(env.ROOM).connect(request, ticket, null);
  },
} satisfies ExportedHandler<FanOutEnv>;
