import { DurableObject } from 'cloudflare:workers';
import { type Line, RoomKeeper, type RoomWorld, vocabularyOf } from '../src/meetings/live-room/index.ts';
import {
  type LiveCommand,
  type LiveRoster,
  PING_TEXT,
  PONG_TEXT,
  type RoomTicket,
  SUBPROTOCOL,
} from '../src/meetings/realtime/index.ts';
import type { Services } from '../src/platform/context/index.ts';
import { AppError, type Clock, createIds, systemClock } from '../src/platform/core/index.ts';
import { outsideOf } from './room-outside.ts';
import { roomVerbs } from './room-verbs.ts';
import { TICKET_HEADER } from './stubs.ts';

const PROTOCOL_HEADER = 'Sec-WebSocket-Protocol';
const vocabulary = vocabularyOf(roomVerbs);

/** The live side of one room; what it does is in `src/meetings/live-room`. */
export abstract class LiveRoom extends DurableObject<Env> {
  clock: Clock = systemClock;
  #keeper: RoomKeeper | undefined;
  /** When the alarm is set for; a cache of what the storage knows. */
  #alarmAtMs = Infinity;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING_TEXT, PONG_TEXT));
    // oxlint-disable-next-line typescript/no-floating-promises -- events wait for it, nobody else
    ctx.blockConcurrencyWhile(async () => {
      this.#alarmAtMs = (await ctx.storage.getAlarm()) ?? Infinity;
    });
  }

  /** What the isolate holds: the doors give it, because they alone read the environment. */
  protected abstract services(): Services;

  /** The upgrade of a socket whose ticket the door has verified; a refusal answers with its code. */
  override async fetch(request: Request): Promise<Response> {
    const ticket = JSON.parse(decodeURIComponent(request.headers.get(TICKET_HEADER)!)) as RoomTicket;
    try {
      this.#room.admit(ticket);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return Response.json({ code: error.code }, { status: error.definition.status });
    }
    const { 0: theirs, 1: ours } = new WebSocketPair();
    this.ctx.acceptWebSocket(ours);
    this.#room.enter(ours, ticket);
    // A browser that offered none takes an answer with one for a mistake.
    const headers = new Headers();
    if (request.headers.has(PROTOCOL_HEADER)) headers.set(PROTOCOL_HEADER, SUBPROTOCOL);
    return new Response(null, { status: 101, webSocket: theirs, headers });
  }

  apply(commands: readonly LiveCommand[]): { seq: number } {
    return this.#room.apply(commands);
  }

  roster(): LiveRoster {
    return this.#room.roster();
  }

  async forget(): Promise<void> {
    if (await this.#room.forget()) await this.#forgetAll();
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.#room.hear(socket, message);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    this.#room.lost(socket, code);
  }

  override webSocketError(socket: WebSocket): void {
    this.#room.lost(socket);
  }

  override async alarm(): Promise<void> {
    this.#alarmAtMs = Infinity;
    const next = await this.#room.wake();
    if (next === 'forget') await this.#forgetAll();
    else if (next !== null) this.#wakeAt(next);
  }

  get #room(): RoomKeeper {
    return (this.#keeper ??= new RoomKeeper(this.#world(), vocabulary));
  }

  #world(): RoomWorld {
    const { ctx } = this;
    const now = () => this.clock.now();
    const lines = (): readonly (Line & WebSocket)[] => ctx.getWebSockets();
    return {
      sql: ctx.storage.sql,
      clock: { now },
      ids: createIds(now),
      lines,
      lastPingMs: (line) => ctx.getWebSocketAutoResponseTimestamp(line as WebSocket)?.getTime() ?? null,
      wakeAt: (atMs) => this.#wakeAt(atMs),
      keepAlive: (work) => ctx.waitUntil(work),
      startOver: () => {
        this.#keeper = undefined;
      },
      outside: () => outsideOf(this.services(), this, (work) => ctx.waitUntil(work)),
    };
  }

  #wakeAt(atMs: number): void {
    if (atMs >= this.#alarmAtMs) return;
    this.#alarmAtMs = atMs;
    // The output gate holds every answer back until this is stored together with what was written before.
    this.ctx.waitUntil(this.ctx.storage.setAlarm(atMs));
  }

  async #forgetAll(): Promise<void> {
    this.#keeper = undefined;
    this.#alarmAtMs = Infinity;
    await this.ctx.storage.deleteAll();
  }
}
