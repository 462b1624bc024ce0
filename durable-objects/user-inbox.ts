import { DurableObject } from 'cloudflare:workers';
import { type Clock, hex, systemClock } from '../src/kernel/core/index.ts';
import type { Services } from '../src/kernel/context/index.ts';
import { Alarm } from '../src/kernel/durable/index.ts';
import {
  INBOX_SUBPROTOCOL,
  type InboxClaims,
  type InboxEvent,
  type InboxOwner,
  type PresenceView,
} from '../src/people/inbox/index.ts';
import { type InboxRuntime, InboxSession } from '../src/people/inbox-session/index.ts';
import { PING_TEXT, PONG_TEXT } from '../src/realtime/sockets/index.ts';
import { answerRefusal, answerUpgrade } from './answer-upgrade.ts';
import { createInboxServices, inboxFrames } from './inbox-services.ts';
import { resolveServices } from './resolve-services.ts';
import { inboxClaimsHandover } from './stubs.ts';

/** One person's inbox in one organization; see `src/people/inbox-session`. */
export class UserInbox extends DurableObject<Env> {
  clock: Clock = systemClock;
  readonly #alarm = new Alarm(this.ctx);
  readonly #inbox = new InboxSession(this.#createRuntime(), inboxFrames);

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING_TEXT, PONG_TEXT));
  }

  protected services(): Services {
    return resolveServices(this.env);
  }

  /** The upgrade of a socket whose ticket was verified; a refusal answers with its code. */
  override async fetch(request: Request): Promise<Response> {
    let claims: InboxClaims;
    try {
      claims = await this.#inbox.prove(inboxClaimsHandover.read(request));
    } catch (error) {
      return answerRefusal(error);
    }
    this.#inbox.makePlace();
    return answerUpgrade(this.ctx, request, INBOX_SUBPROTOCOL, (socket) =>
      this.#inbox.accept(socket, claims),
    );
  }

  push(owner: InboxOwner, events: readonly InboxEvent[]): void {
    this.#inbox.push(owner, events);
  }

  connected(): boolean {
    return this.#inbox.isConnected();
  }

  publishPresence(owner: InboxOwner): void {
    this.#inbox.publishPresence(owner);
  }

  watch(owner: InboxOwner, watcherId: string): boolean {
    return this.#inbox.watch(owner, watcherId);
  }

  showPresence(presence: PresenceView): boolean {
    return this.#inbox.showPresence(presence);
  }

  recheck(): Promise<void> {
    return this.#inbox.recheck();
  }

  async forget(): Promise<void> {
    this.#inbox.closeAll();
    this.#alarm.setNext(null);
    await this.ctx.storage.deleteAll();
  }

  override webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    return this.#inbox.receive(socket, data);
  }

  override webSocketClose(socket: WebSocket): void {
    // The second half of the closing handshake; where the runtime has sent it already this changes nothing.
    socket.close(1000);
    this.#inbox.disconnect(socket);
  }

  override webSocketError(socket: WebSocket): void {
    this.#inbox.disconnect(socket);
  }

  override async alarm(): Promise<void> {
    this.#alarm.markFired();
    const working = this.#inbox.wake();
    // Stored together with the tasks that were put back: if the object is evicted now, it is woken for them.
    this.#alarm.setNext(this.#inbox.nextAtMs);
    await working;
    if (this.#inbox.isEmpty) await this.ctx.storage.deleteAll();
    // What was done needs no waking.
    this.#alarm.setNext(this.#inbox.nextAtMs);
  }

  #createRuntime(): InboxRuntime {
    const { ctx } = this;
    return {
      kv: ctx.storage.kv,
      clock: { now: () => this.clock.now() },
      sockets: () => ctx.getWebSockets(),
      lastPingMs: (socket) => ctx.getWebSocketAutoResponseTimestamp(socket as WebSocket)?.getTime() ?? null,
      wakeAt: (atMs) => this.#alarm.wakeAt(atMs),
      randomText: () => hex(crypto.getRandomValues(new Uint8Array(8))),
      services: () => createInboxServices(this.services(), (work) => ctx.waitUntil(work)),
    };
  }
}
