import { DurableObject } from 'cloudflare:workers';
import { type Clock, createIds, systemClock } from '../src/kernel/core/index.ts';
import type { Services } from '../src/kernel/context/index.ts';
import { Alarm } from '../src/kernel/durable/index.ts';
import { type LiveCommand, type LiveRoster, ROOM_SUBPROTOCOL } from '../src/realtime/protocol/index.ts';
import { createFrameCatalog, RoomCore, type RoomRuntime } from '../src/realtime/room-session/index.ts';
import { PING_TEXT, PONG_TEXT } from '../src/realtime/sockets/index.ts';
import { resolveServices } from './resolve-services.ts';
import { roomFrames } from './room-frames.ts';
import { createRoomServices } from './room-services.ts';
import { answerRefusal, answerUpgrade } from './answer-upgrade.ts';
import { roomTicketHandover } from './stubs.ts';

const catalog = createFrameCatalog(roomFrames);

/** The live side of one room; see `src/realtime/room-session`. */
export class RoomObject extends DurableObject<Env> {
  clock: Clock = systemClock;
  readonly #alarm = new Alarm(this.ctx);
  #core: RoomCore | undefined;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING_TEXT, PONG_TEXT));
  }

  protected services(): Services {
    return resolveServices(this.env);
  }

  /** The upgrade of a socket whose ticket was verified; a refusal answers with its code. */
  override async fetch(request: Request): Promise<Response> {
    const ticket = roomTicketHandover.read(request);
    try {
      this.#room.admit(ticket);
    } catch (error) {
      return answerRefusal(error);
    }
    return answerUpgrade(this.ctx, request, ROOM_SUBPROTOCOL, (socket) => this.#room.accept(socket, ticket));
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
    return (this.#core ??= new RoomCore(this.#createRuntime(), catalog));
  }

  #createRuntime(): RoomRuntime {
    const { ctx } = this;
    const now = () => this.clock.now();
    const keepAlive = (work: Promise<unknown>) => ctx.waitUntil(work);
    return {
      sql: ctx.storage.sql,
      kv: ctx.storage.kv,
      clock: { now },
      ids: createIds(now),
      sockets: () => ctx.getWebSockets(),
      lastPingMs: (socket) => ctx.getWebSocketAutoResponseTimestamp(socket as WebSocket)?.getTime() ?? null,
      wakeAt: (atMs) => this.#alarm.wakeAt(atMs),
      keepAlive,
      discardMemory: () => {
        this.#core = undefined;
      },
      services: () => createRoomServices(this.services(), this, keepAlive),
    };
  }

  async #deleteAll(): Promise<void> {
    this.#core = undefined;
    this.#alarm.setNext(null);
    await this.ctx.storage.deleteAll();
  }
}
