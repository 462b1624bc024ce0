import { DurableObject } from 'cloudflare:workers';
import {
  type SocketHandle,
  RoomCore,
  type RoomRuntime,
  createFrameCatalog,
} from '../src/realtime/room-session/index.ts';
import {
  type LiveCommand,
  type LiveRoster,
  PING_TEXT,
  PONG_TEXT,
  type RoomTicket,
  ROOM_SUBPROTOCOL,
} from '../src/realtime/protocol/index.ts';
import type { Services } from '../src/kernel/context/index.ts';
import { AppError, type Clock, createIds, systemClock } from '../src/kernel/core/index.ts';
import { Alarm } from '../src/kernel/durable/index.ts';
import { createRoomServices } from './room-services.ts';
import { roomFrames } from './room-frames.ts';
import { ROOM_TICKET_HEADER } from './stubs.ts';

const PROTOCOL_HEADER = 'Sec-WebSocket-Protocol';
const vocabulary = createFrameCatalog(roomFrames);

/** The live side of one room; what it does is in `src/meetings/live-room`. */
export abstract class LiveRoom extends DurableObject<Env> {
  clock: Clock = systemClock;
  #core: RoomCore | undefined;
  readonly #alarm = new Alarm(this.ctx);

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING_TEXT, PONG_TEXT));
  }

  /** What the isolate holds: the doors give it, because they alone read the environment. */
  protected abstract services(): Services;

  /** The upgrade of a socket whose ticket the door has verified; a refusal answers with its code. */
  override async fetch(request: Request): Promise<Response> {
    const ticket = JSON.parse(decodeURIComponent(request.headers.get(ROOM_TICKET_HEADER)!)) as RoomTicket;
    try {
      this.#room.admit(ticket);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return Response.json({ code: error.code }, { status: error.definition.status });
    }
    const { 0: theirs, 1: ours } = new WebSocketPair();
    this.ctx.acceptWebSocket(ours);
    this.#room.accept(ours, ticket);
    // A browser that offered none takes an answer with one for a mistake.
    const headers = new Headers();
    if (request.headers.has(PROTOCOL_HEADER)) headers.set(PROTOCOL_HEADER, ROOM_SUBPROTOCOL);
    return new Response(null, { status: 101, webSocket: theirs, headers });
  }

  apply(commands: readonly LiveCommand[]): { seq: number } {
    return this.#room.apply(commands);
  }

  roster(): LiveRoster {
    return this.#room.roster();
  }

  async forget(): Promise<void> {
    if (await this.#room.forget()) await this.#deleteAll();
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.#room.receive(socket, message);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    this.#room.disconnect(socket, code);
  }

  override webSocketError(socket: WebSocket): void {
    this.#room.disconnect(socket);
  }

  override async alarm(): Promise<void> {
    this.#alarm.markFired();
    const next = await this.#room.wake();
    if (next === 'forget') await this.#deleteAll();
    else if (next !== null) this.#alarm.wakeAt(next);
  }

  get #room(): RoomCore {
    return (this.#core ??= new RoomCore(this.#runtime(), vocabulary));
  }

  #runtime(): RoomRuntime {
    const { ctx } = this;
    const now = () => this.clock.now();
    const lines = (): readonly (SocketHandle & WebSocket)[] => ctx.getWebSockets();
    return {
      sql: ctx.storage.sql,
      kv: ctx.storage.kv,
      clock: { now },
      ids: createIds(now),
      sockets: lines,
      lastPingMs: (line) => ctx.getWebSocketAutoResponseTimestamp(line as WebSocket)?.getTime() ?? null,
      wakeAt: (atMs) => this.#alarm.wakeAt(atMs),
      keepAlive: (work) => ctx.waitUntil(work),
      discardMemory: () => {
        this.#core = undefined;
      },
      services: () => createRoomServices(this.services(), this, (work) => ctx.waitUntil(work)),
    };
  }

  async #deleteAll(): Promise<void> {
    this.#core = undefined;
    this.#alarm.setNext(null);
    await this.ctx.storage.deleteAll();
  }
}
