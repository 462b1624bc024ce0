import { AppError, serverErrors } from '../../kernel/core/index.ts';
import { type SocketHandle, toErrorFrame } from '../../realtime/sockets/index.ts';
import type {
  InboxClaims,
  InboxClientFrame,
  InboxEvent,
  InboxOwner,
  InboxVerb,
  InboxVerbFrame,
  PresenceView,
} from '../inbox/index.ts';
import { createConnection, receiveDeviceFrame } from './connection.rules.ts';
import { InboxCore } from './inbox-core.ts';
import type { InboxRuntime } from './inbox-runtime.ts';
import { InboxSockets, type OpenSocket, readConnection, saveConnection } from './inbox-sockets.ts';
import { proveClaims, recheckConnections } from './recheck-connections.ts';
import { runDueTasks } from './run-due-tasks.ts';

/**
 * The work of the Durable Object of one inbox, over its storage and sockets. It keeps no state outside of the storage,
 * so the object may be evicted between any two calls.
 */
export class InboxSession {
  readonly #runtime: InboxRuntime;
  readonly #verbs: ReadonlyMap<string, InboxVerb>;
  readonly #core: InboxCore;
  readonly #sockets: InboxSockets;
  #rechecks = 0;

  constructor(runtime: InboxRuntime, verbs: readonly InboxVerb[]) {
    this.#runtime = runtime;
    this.#verbs = new Map(verbs.map((verb) => [verb.type, verb]));
    const onLeave = (connectionId: string) => this.#core.disconnect(connectionId, this.#nowMs);
    this.#sockets = new InboxSockets(runtime, onLeave);
    const devices = () => this.#sockets.listOpen().map((open) => this.#sockets.toDevice(open));
    const wakeAt = (atMs: number) => runtime.wakeAt(atMs);
    this.#core = new InboxCore(runtime.kv, devices, wakeAt, () => runtime.randomText());
  }

  get #nowMs(): number {
    return this.#runtime.clock.now();
  }

  /**
   * Proves a ticket before its socket is accepted: its session or membership may have ended since. If a recheck happens
   * during the read, the read may be too old, and is repeated.
   * @returns the claims to accept
   * @throws AppError `auth.invalid_token`
   */
  async prove(claims: InboxClaims): Promise<InboxClaims> {
    for (;;) {
      const rechecks = this.#rechecks;
      const proven = await proveClaims(this.#runtime, claims);
      if (rechecks === this.#rechecks) return proven;
    }
  }

  /** Closes connections whose session or membership has ended. @throws the error of the read */
  async recheck(): Promise<void> {
    this.#rechecks++;
    await recheckConnections(this.#runtime, this.#core, this.#sockets);
  }

  /** Closes the oldest connections where another one would be too many. */
  makePlace(): void {
    this.#sockets.closeOldestOverLimit();
  }

  /** Accepts a socket whose ticket was verified. */
  accept(socket: SocketHandle, claims: InboxClaims): void {
    const { organizationId, userId } = claims;
    this.#core.setOwner({ organizationId, userId });
    saveConnection(socket, createConnection(claims, this.#runtime.randomText(), this.#nowMs));
    this.#core.registerConnection(this.#nowMs);
  }

  push(owner: InboxOwner, events: readonly InboxEvent[]): void {
    this.#core.setOwner(owner);
    this.#core.push(events, this.#nowMs);
  }

  /** Whether a device is connected that is not silent. */
  isConnected(): boolean {
    this.#sockets.closeSilent(this.#nowMs);
    return this.#core.isConnected;
  }

  publishPresence(owner: InboxOwner): void {
    if (this.#core.watchers.all().length === 0) return;
    this.#core.setOwner(owner);
    this.#core.publishPresenceAt(this.#nowMs);
  }

  /** @returns whether a device is connected */
  watch(owner: InboxOwner, watcherId: string): boolean {
    this.#core.setOwner(owner);
    this.#core.watchers.add(watcherId);
    return this.isConnected();
  }

  /** @returns false when no device follows that person */
  showPresence(presence: PresenceView): boolean {
    return this.#core.followed.show(presence);
  }

  closeAll(): void {
    for (const { socket } of this.#sockets.listOpen()) this.#sockets.close(socket, 'forgotten');
  }

  async receive(socket: SocketHandle, data: string | ArrayBuffer): Promise<void> {
    const stored = readConnection(socket);
    if (!stored) return;
    const { connection, received } = receiveDeviceFrame(stored, data, this.#nowMs);
    saveConnection(socket, connection);
    if (received.kind === 'closed') this.#sockets.close(socket, received.closeName);
    else if (received.kind === 'refused')
      this.#sockets.send(socket, toErrorFrame(received.id, received.error));
    else await this.#handleFrame({ socket, connection }, received.frame);
  }

  /** A socket is gone. */
  disconnect(socket: SocketHandle): void {
    this.#sockets.handleLeave(socket);
  }

  /** Runs the due tasks. They are taken before the first wait, so `nextAtMs` is right as soon as this was called. */
  async wake(): Promise<void> {
    const due = this.#core.wake(this.#nowMs);
    await runDueTasks(due, this.#runtime, this.#core, this.#sockets);
  }

  /** When to call `wake` again; null for not before something happens. */
  get nextAtMs(): number | null {
    return this.#core.schedule.nextAtMs;
  }

  /** Whether everything that is stored may be deleted. */
  get isEmpty(): boolean {
    return this.#core.isEmpty;
  }

  async #handleFrame(open: OpenSocket, frame: InboxClientFrame): Promise<void> {
    const { socket, connection } = open;
    if (frame.type === 'ping') return this.#sockets.send(socket, { type: 'pong' });
    if (frame.type === 'hello') {
      this.#core.greet(this.#sockets.toDevice(open), frame.cursor, this.#nowMs);
      return saveConnection(socket, { ...connection, greeted: true });
    }
    const id = frame.id ?? null;
    try {
      if (frame.type === 'ack') this.#core.markSeen(this.#sockets.toDevice(open), frame.seq);
      else await this.#callVerb(open, frame);
      this.#sockets.send(socket, { type: 'ack', id });
    } catch (error) {
      const isRefusal = error instanceof AppError;
      const { log } = this.#runtime.services();
      if (!isRefusal) log.error('inbox.frame_failed', { ...this.#core.owner, frame: frame.type, error });
      this.#sockets.send(
        socket,
        toErrorFrame(id, isRefusal ? error : serverErrors.internal({ cause: error })),
      );
    }
  }

  async #callVerb(open: OpenSocket, frame: InboxVerbFrame): Promise<void> {
    const { connectionId, claims } = open.connection;
    const verb = this.#verbs.get(frame.type);
    if (!verb) throw new Error(`no verb handles ${frame.type}`);
    // Followed before the verb reads, so that no change falls in between.
    if (frame.type === 'presence.subscribe') this.#core.followed.follow(connectionId, frame.userIds);
    const answer = await this.#runtime.services().callVerb(verb, claims, connectionId, frame);
    if (answer?.type === 'presence.list')
      this.#core.followed.sendList(this.#sockets.toDevice(open), answer.people);
    else if (answer) this.#sockets.send(open.socket, answer);
  }
}
