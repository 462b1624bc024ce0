import { DurableObject } from 'cloudflare:workers';
import {
  chosenProtocol,
  type ClientFrame,
  errorFrame,
  INBOX_CLOSES,
  type InboxClaims,
  type InboxEvent,
  InboxKeeper,
  openConnection,
  type Owner,
  type PresenceView,
  receive,
} from '../src/meetings/inbox/index.ts';
import { PING_TEXT, PONG_TEXT } from '../src/meetings/realtime/index.ts';
import type { Services } from '../src/platform/context/index.ts';
import { AppError, type Clock, hex, serverErrors, systemClock } from '../src/platform/core/index.ts';
import { doWhatIsDue, type InboxWorld } from './inbox-chores.ts';
import { follow, perform } from './inbox-frames.ts';
import { connectionOf, InboxSockets, type OpenSocket, store } from './inbox-sockets.ts';
import { INBOX_CLAIMS_HEADER } from './stubs.ts';

const randomText = () => hex(crypto.getRandomValues(new Uint8Array(8)));

/** One person's inbox in one organization; what it does is in `src/meetings/inbox`. */
export abstract class LiveInbox extends DurableObject<Env> {
  clock: Clock = systemClock;
  readonly #keeper: InboxKeeper;
  readonly #sockets: InboxSockets;
  /** When the alarm is set for; a cache of what the storage knows. */
  #alarmAtMs = Infinity;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING_TEXT, PONG_TEXT));
    const onLeft = (connectionId: string) => this.#keeper.leave(connectionId, this.clock.now());
    this.#sockets = new InboxSockets(ctx, onLeft);
    const devices = () => this.#sockets.open().map((open) => this.#sockets.device(open));
    this.#keeper = new InboxKeeper(ctx.storage.kv, devices, (atMs) => this.#wakeAt(atMs), randomText);
    // oxlint-disable-next-line typescript/no-floating-promises -- events wait for it, nobody else
    ctx.blockConcurrencyWhile(async () => {
      this.#alarmAtMs = (await ctx.storage.getAlarm()) ?? Infinity;
    });
  }

  /** What the isolate holds: the doors give it, because they alone read the environment. */
  protected abstract services(): Services;

  /** The upgrade of a socket whose ticket the door has verified. */
  override async fetch(request: Request): Promise<Response> {
    const claims = JSON.parse(decodeURIComponent(request.headers.get(INBOX_CLAIMS_HEADER)!)) as InboxClaims;
    const now = this.clock.now();
    this.#sockets.makeRoom();
    const { organizationId, userId } = claims;
    this.#keeper.own({ organizationId, userId });
    const { 0: theirs, 1: ours } = new WebSocketPair();
    this.ctx.acceptWebSocket(ours);
    store(ours, openConnection(claims, randomText(), now));
    this.#keeper.opened(now);
    const protocol = chosenProtocol(request.headers.get('sec-websocket-protocol'));
    const headers = new Headers(protocol === undefined ? {} : { 'Sec-WebSocket-Protocol': protocol });
    return new Response(null, { status: 101, webSocket: theirs, headers });
  }

  push(owner: Owner, events: readonly InboxEvent[]): void {
    this.#keeper.own(owner);
    this.#keeper.push(events, this.clock.now());
  }

  /** Whether a device is connected of which something was heard lately. */
  connected(): boolean {
    this.#sockets.closeUnheard(this.clock.now());
    return this.#keeper.isConnected;
  }

  announce(owner: Owner): void {
    if (this.#keeper.watchers.all().length === 0) return;
    this.#keeper.own(owner);
    this.#keeper.announceAt(this.clock.now());
  }

  /** @returns whether a device is connected */
  watch(owner: Owner, watcherId: string): boolean {
    this.#keeper.own(owner);
    this.#keeper.watchers.add(watcherId);
    return this.connected();
  }

  show(presence: PresenceView): boolean {
    return this.#keeper.followed.show(presence);
  }

  async forget(): Promise<void> {
    for (const { socket } of this.#sockets.open()) this.#sockets.close(socket, INBOX_CLOSES.forgotten);
    this.#alarmAtMs = Infinity;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const before = connectionOf(socket);
    if (!before) return;
    const { connection, received } = receive(before, data, this.clock.now());
    store(socket, connection);
    if (received.kind === 'closed') this.#sockets.close(socket, received.close);
    else if (received.kind === 'refused') this.#sockets.send(socket, errorFrame(received.id, received.error));
    else await this.#hear({ socket, connection }, received.frame);
  }

  override webSocketClose(socket: WebSocket): void {
    // The other half of the closing handshake; where the runtime has sent it already this changes nothing.
    socket.close(1000);
    this.#sockets.left(socket);
  }

  override webSocketError(socket: WebSocket): void {
    this.#sockets.left(socket);
  }

  override async alarm(): Promise<void> {
    this.#alarmAtMs = Infinity;
    const due = this.#keeper.wake(this.clock.now());
    // Stored together with what was put back: should the object go meanwhile, it is woken for what was not done.
    this.#wakeForNext();
    await doWhatIsDue(due, this.#world());
    if (this.#keeper.isEmpty) await this.ctx.storage.deleteAll();
    // What is done need not wake it once more.
    this.#wakeForNext();
  }

  async #hear(open: OpenSocket, frame: ClientFrame): Promise<void> {
    const { socket, connection } = open;
    if (frame.type === 'ping') return this.#sockets.send(socket, { type: 'pong' });
    if (frame.type === 'hello') {
      this.#keeper.greet(this.#sockets.device(open), frame.cursor, this.clock.now());
      return store(socket, { ...connection, greeted: true });
    }
    const id = frame.id ?? null;
    try {
      await this.#act(open, frame);
      this.#sockets.send(socket, { type: 'ack', id });
    } catch (error) {
      const isRefusal = error instanceof AppError;
      if (!isRefusal)
        this.services().log.error('inbox.frame_failed', { ...this.#keeper.owner, frame: frame.type, error });
      this.#sockets.send(socket, errorFrame(id, isRefusal ? error : serverErrors.internal({ cause: error })));
    }
  }

  async #act(open: OpenSocket, frame: Exclude<ClientFrame, { type: 'hello' | 'ping' }>): Promise<void> {
    const { connectionId, claims } = open.connection;
    const keepAlive = (work: Promise<unknown>) => this.ctx.waitUntil(work);
    if (frame.type === 'ack') return this.#keeper.see(this.#sockets.device(open), frame.seq);
    if (frame.type !== 'presence.subscribe')
      return perform(this.services(), claims, connectionId, frame, keepAlive);
    this.#keeper.followed.follow(connectionId, frame.userIds);
    const people = await follow(this.services(), claims, frame.userIds, keepAlive);
    this.#keeper.followed.list(this.#sockets.device(open), people);
  }

  #world(): InboxWorld {
    const now = () => this.clock.now();
    return { services: () => this.services(), keeper: this.#keeper, sockets: this.#sockets, now };
  }

  /** Sets the alarm for what is due first, whatever it was set for. */
  #wakeForNext(): void {
    const nextAtMs = this.#keeper.chores.nextAtMs;
    this.#alarmAtMs = Infinity;
    if (nextAtMs !== null) this.#wakeAt(nextAtMs);
    else this.ctx.waitUntil(this.ctx.storage.deleteAlarm());
  }

  #wakeAt(atMs: number): void {
    if (atMs >= this.#alarmAtMs) return;
    this.#alarmAtMs = atMs;
    // The output gate holds every answer back until this is stored together with what was written before.
    this.ctx.waitUntil(this.ctx.storage.setAlarm(atMs));
  }
}
