import { DurableObject } from 'cloudflare:workers';
import {
  chooseSubprotocol,
  type InboxClientFrame,
  toErrorFrame,
  INBOX_CLOSE_CODES,
  type InboxClaims,
  type InboxEvent,
  InboxCore,
  createConnection,
  type InboxOwner,
  type PresenceView,
  receiveDeviceFrame,
} from '../src/people/inbox/index.ts';
import { PING_TEXT, PONG_TEXT } from '../src/realtime/protocol/index.ts';
import type { Services } from '../src/kernel/context/index.ts';
import { AppError, type Clock, hex, serverErrors, systemClock } from '../src/kernel/core/index.ts';
import { Alarm } from '../src/kernel/durable/index.ts';
import { runDueWork, type InboxRuntime } from './inbox-alarm.ts';
import { subscribePresence, dispatchFrame } from './inbox-frames.ts';
import { readConnection, InboxSockets, type OpenSocket, saveConnection } from './inbox-sockets.ts';
import { INBOX_CLAIMS_HEADER } from './stubs.ts';

const randomText = () => hex(crypto.getRandomValues(new Uint8Array(8)));

/** One person's inbox in one organization; what it does is in `src/meetings/inbox`. */
export abstract class LiveInbox extends DurableObject<Env> {
  clock: Clock = systemClock;
  readonly #core: InboxCore;
  readonly #sockets: InboxSockets;
  readonly #alarm = new Alarm(this.ctx);

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING_TEXT, PONG_TEXT));
    const onLeave = (connectionId: string) => this.#core.disconnect(connectionId, this.clock.now());
    this.#sockets = new InboxSockets(ctx, onLeave);
    const devices = () => this.#sockets.listOpen().map((open) => this.#sockets.toDevice(open));
    this.#core = new InboxCore(ctx.storage.kv, devices, (atMs) => this.#alarm.wakeAt(atMs), randomText);
  }

  /** What the isolate holds: the doors give it, because they alone read the environment. */
  protected abstract services(): Services;

  /** The upgrade of a socket whose ticket the door has verified. */
  override async fetch(request: Request): Promise<Response> {
    const claims = JSON.parse(decodeURIComponent(request.headers.get(INBOX_CLAIMS_HEADER)!)) as InboxClaims;
    const now = this.clock.now();
    this.#sockets.closeOldestOverLimit();
    const { organizationId, userId } = claims;
    this.#core.setOwner({ organizationId, userId });
    const { 0: theirs, 1: ours } = new WebSocketPair();
    this.ctx.acceptWebSocket(ours);
    saveConnection(ours, createConnection(claims, randomText(), now));
    this.#core.registerConnection(now);
    const protocol = chooseSubprotocol(request.headers.get('sec-websocket-protocol'));
    const headers = new Headers(protocol === undefined ? {} : { 'Sec-WebSocket-Protocol': protocol });
    return new Response(null, { status: 101, webSocket: theirs, headers });
  }

  push(owner: InboxOwner, events: readonly InboxEvent[]): void {
    this.#core.setOwner(owner);
    this.#core.push(events, this.clock.now());
  }

  /** Whether a device is connected of which something was heard lately. */
  connected(): boolean {
    this.#sockets.closeSilent(this.clock.now());
    return this.#core.isConnected;
  }

  announce(owner: InboxOwner): void {
    if (this.#core.watchers.all().length === 0) return;
    this.#core.setOwner(owner);
    this.#core.publishPresenceAt(this.clock.now());
  }

  /** @returns whether a device is connected */
  watch(owner: InboxOwner, watcherId: string): boolean {
    this.#core.setOwner(owner);
    this.#core.watchers.add(watcherId);
    return this.connected();
  }

  show(presence: PresenceView): boolean {
    return this.#core.followed.show(presence);
  }

  async forget(): Promise<void> {
    for (const { socket } of this.#sockets.listOpen())
      this.#sockets.close(socket, INBOX_CLOSE_CODES.forgotten);
    this.#alarm.setNext(null);
    await this.ctx.storage.deleteAll();
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const before = readConnection(socket);
    if (!before) return;
    const { connection, received } = receiveDeviceFrame(before, data, this.clock.now());
    saveConnection(socket, connection);
    if (received.kind === 'closed') this.#sockets.close(socket, received.close);
    else if (received.kind === 'refused')
      this.#sockets.send(socket, toErrorFrame(received.id, received.error));
    else await this.#receiveFrame({ socket, connection }, received.frame);
  }

  override webSocketClose(socket: WebSocket): void {
    // The other half of the closing handshake; where the runtime has sent it already this changes nothing.
    socket.close(1000);
    this.#sockets.handleLeave(socket);
  }

  override webSocketError(socket: WebSocket): void {
    this.#sockets.handleLeave(socket);
  }

  override async alarm(): Promise<void> {
    this.#alarm.markFired();
    const due = this.#core.wake(this.clock.now());
    // Stored together with what was put back: should the object go meanwhile, it is woken for what was not done.
    this.#alarm.setNext(this.#core.schedule.nextAtMs);
    await runDueWork(due, this.#runtime());
    if (this.#core.isEmpty) await this.ctx.storage.deleteAll();
    // What is done need not wake it once more.
    this.#alarm.setNext(this.#core.schedule.nextAtMs);
  }

  async #receiveFrame(open: OpenSocket, frame: InboxClientFrame): Promise<void> {
    const { socket, connection } = open;
    if (frame.type === 'ping') return this.#sockets.send(socket, { type: 'pong' });
    if (frame.type === 'hello') {
      this.#core.greet(this.#sockets.toDevice(open), frame.cursor, this.clock.now());
      return saveConnection(socket, { ...connection, greeted: true });
    }
    const id = frame.id ?? null;
    try {
      await this.#dispatchFrame(open, frame);
      this.#sockets.send(socket, { type: 'ack', id });
    } catch (error) {
      const isRefusal = error instanceof AppError;
      if (!isRefusal)
        this.services().log.error('inbox.frame_failed', { ...this.#core.owner, frame: frame.type, error });
      this.#sockets.send(
        socket,
        toErrorFrame(id, isRefusal ? error : serverErrors.internal({ cause: error })),
      );
    }
  }

  async #dispatchFrame(
    open: OpenSocket,
    frame: Exclude<InboxClientFrame, { type: 'hello' | 'ping' }>,
  ): Promise<void> {
    const { connectionId, claims } = open.connection;
    const keepAlive = (work: Promise<unknown>) => this.ctx.waitUntil(work);
    if (frame.type === 'ack') return this.#core.markSeen(this.#sockets.toDevice(open), frame.seq);
    if (frame.type !== 'presence.subscribe')
      return dispatchFrame(this.services(), claims, connectionId, frame, keepAlive);
    this.#core.followed.follow(connectionId, frame.userIds);
    const people = await subscribePresence(this.services(), claims, frame.userIds, keepAlive);
    this.#core.followed.sendList(this.#sockets.toDevice(open), people);
  }

  #runtime(): InboxRuntime {
    const now = () => this.clock.now();
    return { services: () => this.services(), core: this.#core, sockets: this.#sockets, now };
  }
}
