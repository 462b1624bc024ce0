import type { Person } from './app.ts';
import { createInboxServices, inboxFrames } from '../../durable-objects/inbox-services.ts';
import type { Services } from '../../src/kernel/context/index.ts';
import { serverErrors } from '../../src/kernel/core/index.ts';
import type {
  InboxClientFrame,
  Inboxes,
  InboxOwner,
  InboxServerFrame,
} from '../../src/people/inbox/index.ts';
import { InboxSession } from '../../src/people/inbox-session/index.ts';
import { MemorySocket } from './memory-socket.ts';
import { MemoryKeyValueStorage } from './memory-storage.ts';

/** A device of a person: the socket of its inbox. */
export type MemoryDevice = MemorySocket<InboxServerFrame>;

interface StoredInbox {
  kv: MemoryKeyValueStorage;
  devices: MemoryDevice[];
  alarmAtMs: number;
}

let nameCount = 0;
const createName = () => (++nameCount).toString(16).padStart(16, '0');

/** The inboxes of all people in one process: the same sessions as in the live objects, without the objects. */
export class MemoryInboxes implements Inboxes {
  /** While true every push fails. */
  unreachable = false;
  readonly #inboxes = new Map<string, StoredInbox>();
  readonly #now: () => number;
  readonly #services: () => Services;

  /** @param services called when a frame or an alarm needs them */
  constructor(now: () => number, services: () => Services) {
    this.#now = now;
    this.#services = services;
  }

  #inbox({ organizationId, userId }: InboxOwner): StoredInbox {
    const key = `${organizationId}:${userId}`;
    let inbox = this.#inboxes.get(key);
    if (!inbox)
      this.#inboxes.set(key, (inbox = { kv: new MemoryKeyValueStorage(), devices: [], alarmAtMs: Infinity }));
    return inbox;
  }

  /** Created again for each call, as if the object had been evicted after the one before. */
  #session(owner: InboxOwner): InboxSession {
    const inbox = this.#inbox(owner);
    const runtime = {
      kv: inbox.kv,
      clock: { now: this.#now },
      sockets: () => inbox.devices,
      lastPingMs: this.#now,
      wakeAt: (atMs: number) => {
        inbox.alarmAtMs = Math.min(inbox.alarmAtMs, atMs);
      },
      randomText: createName,
      services: () => createInboxServices(this.#services(), () => undefined),
    };
    return new InboxSession(runtime, inboxFrames);
  }

  #requireReachable(owner: InboxOwner): InboxSession {
    if (this.unreachable) throw serverErrors.unavailable({ detail: 'the inbox is not available' });
    return this.#session(owner);
  }

  /** A device of the person connects and says hello. */
  attach({ organizationId, userId, sessionId, role }: Person): MemoryDevice {
    const device: MemoryDevice = new MemorySocket();
    const owner = { organizationId, userId };
    this.#inbox(owner).devices.push(device);
    this.#session(owner).accept(device, { ...owner, sessionId, role, plan: 'free' });
    void this.send(owner, device, { type: 'hello', cursor: null }); // answered before it returns
    return device;
  }

  send(owner: InboxOwner, device: MemoryDevice, frame: InboxClientFrame): Promise<void> {
    return this.#session(owner).receive(device, JSON.stringify(frame));
  }

  detach({ organizationId, userId }: InboxOwner, device: MemoryDevice): void {
    const inbox = this.#inbox({ organizationId, userId });
    inbox.devices = inbox.devices.filter((each) => each !== device);
    this.#session({ organizationId, userId }).disconnect(device);
  }

  /** Runs the alarm of every inbox that is due. */
  async wake(): Promise<void> {
    for (const [key, inbox] of this.#inboxes) {
      if (inbox.alarmAtMs > this.#now()) continue;
      const [organizationId, userId] = key.split(':') as [string, string];
      const session = this.#session({ organizationId, userId });
      await session.wake();
      inbox.alarmAtMs = session.nextAtMs ?? Infinity;
    }
  }

  watchersOf(owner: InboxOwner): string[] {
    return this.#inbox(owner)
      .kv.list({ prefix: 'w|' })
      .map(([name]) => name.slice('w|'.length));
  }

  /** Node has no such sockets: only the status of the answer to an upgrade. */
  connect: Inboxes['connect'] = async () =>
    Object.defineProperty(new Response(null), 'status', { value: 101 });

  push: Inboxes['push'] = async (organizationId, userId, events) =>
    this.#requireReachable({ organizationId, userId }).push({ organizationId, userId }, events);

  connected: Inboxes['connected'] = async (organizationId, userIds) =>
    new Set(userIds.filter((userId) => this.#session({ organizationId, userId }).isConnected()));

  publishPresence: Inboxes['publishPresence'] = async (organizationId, userId) =>
    this.#requireReachable({ organizationId, userId }).publishPresence({ organizationId, userId });

  watch: Inboxes['watch'] = async (organizationId, userIds, watcherId) =>
    new Set(
      userIds.filter((userId) =>
        this.#session({ organizationId, userId }).watch({ organizationId, userId }, watcherId),
      ),
    );

  showPresence: Inboxes['showPresence'] = async (organizationId, userId, presence) =>
    this.#session({ organizationId, userId }).showPresence(presence);

  recheck: Inboxes['recheck'] = (organizationId, userId) =>
    this.#requireReachable({ organizationId, userId }).recheck();

  forget: Inboxes['forget'] = async (organizationId, userId) =>
    void this.#inboxes.delete(`${organizationId}:${userId}`);
}
