import type { Inboxes, InboxOwner, InboxServerFrame, PresenceView } from '../../src/people/inbox/index.ts';
import { InboxCore, type InboxDevice } from '../../src/people/inbox-session/index.ts';
import { notifyWatchers } from '../../src/people/presence/index.ts';
import { expireRing } from '../../src/people/ringing/index.ts';
import type { Services } from '../../src/kernel/context/index.ts';
import { serverErrors } from '../../src/kernel/core/index.ts';
import { MemoryKeyValueStorage } from './memory-storage.ts';

/** A device of a person: what it was sent. */
export interface TestDevice extends InboxDevice {
  frames: InboxServerFrame[];
  /** The frames of a type, in order. */
  framesOf<T extends InboxServerFrame['type']>(type: T): Extract<InboxServerFrame, { type: T }>[];
}

interface StoredInbox {
  storage: MemoryKeyValueStorage;
  devices: TestDevice[];
  wakeAtMs: number;
}

let nameCount = 0;
const createName = () => (++nameCount).toString(16).padStart(16, '0');

/** The inboxes of all people in one process: the core that the live objects run, without the objects. */
export class MemoryInboxes implements Inboxes {
  /** While true nobody can be told anything. */
  unreachable = false;
  readonly #inboxes = new Map<string, StoredInbox>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  #inbox({ organizationId, userId }: InboxOwner): StoredInbox {
    const key = `${organizationId}:${userId}`;
    let inbox = this.#inboxes.get(key);
    if (!inbox)
      this.#inboxes.set(
        key,
        (inbox = { storage: new MemoryKeyValueStorage(), devices: [], wakeAtMs: Infinity }),
      );
    return inbox;
  }

  /** Made anew for each call, as if the object had been evicted after the one before. */
  #core(owner: InboxOwner): InboxCore {
    const inbox = this.#inbox(owner);
    const wakeAt = (atMs: number) => {
      inbox.wakeAtMs = Math.min(inbox.wakeAtMs, atMs);
    };
    const core = new InboxCore(inbox.storage, () => inbox.devices, wakeAt, createName);
    core.setOwner(owner);
    return core;
  }

  #requireReachable(owner: InboxOwner): InboxCore {
    if (this.unreachable) throw serverErrors.unavailable({ detail: 'the inbox is not available' });
    return this.#core(owner);
  }

  /** A device comes in and says hello. */
  attach({ organizationId, userId }: InboxOwner): TestDevice {
    const frames: InboxServerFrame[] = [];
    const device: TestDevice = {
      connectionId: createName(),
      greeted: false,
      frames,
      send: (frame) => void frames.push(frame),
      framesOf: (type) => frames.filter((frame) => frame.type === type) as never,
    };
    const owner = { organizationId, userId };
    this.#inbox(owner).devices.push(device);
    this.#core(owner).greet(device, null, this.#now());
    device.greeted = true;
    return device;
  }

  detach({ organizationId, userId }: InboxOwner, device: TestDevice): void {
    const inbox = this.#inbox({ organizationId, userId });
    inbox.devices = inbox.devices.filter((each) => each !== device);
    this.#core({ organizationId, userId }).disconnect(device.connectionId, this.#now());
  }

  /** Wakes every inbox that is due, as its alarm would. */
  async wake(services: Services): Promise<void> {
    for (const [key, inbox] of this.#inboxes) {
      if (inbox.wakeAtMs > this.#now()) continue;
      const [organizationId, userId] = key.split(':') as [string, string];
      const owner = { organizationId, userId };
      const core = this.#core(owner);
      const due = core.wake(this.#now());
      const { schedule } = core;
      inbox.wakeAtMs = schedule.nextAtMs ?? Infinity;
      for (const ringId of due.expiredRingIds) {
        await expireRing(services, organizationId, ringId);
        schedule.markRingExpired(due, ringId);
      }
      const watcherIds = core.watchers.all();
      if (due.publishPresence && watcherIds.length === 0) schedule.markPresencePublished(due);
      if (!due.publishPresence || watcherIds.length === 0) continue;
      const announced = await notifyWatchers(services, owner, watcherIds, () => core.isConnected);
      for (const watcherId of announced.gone) core.watchers.remove(watcherId);
      if (announced.nextAtMs !== null) core.publishPresenceAt(announced.nextAtMs);
      schedule.markPresencePublished(due);
    }
  }

  /** Has a device follow people, as the frame does: `read` watches them and tells how they stand. */
  async follow(
    owner: InboxOwner,
    device: TestDevice,
    userIds: readonly string[],
    read: () => Promise<PresenceView[]>,
  ): Promise<PresenceView[]> {
    this.#core(owner).followed.follow(device.connectionId, userIds);
    const people = await read();
    this.#core(owner).followed.sendList(device, people);
    return people;
  }

  watchersOf(owner: InboxOwner): string[] {
    return this.#core(owner).watchers.all();
  }

  /** There are no sockets in Node: what an upgrade would answer. */
  connect: Inboxes['connect'] = async () =>
    Object.defineProperty(new Response(null), 'status', { value: 101 });

  push: Inboxes['push'] = async (organizationId, userId, events) =>
    this.#requireReachable({ organizationId, userId }).push(events, this.#now());

  connected: Inboxes['connected'] = async (organizationId, userIds) =>
    new Set(userIds.filter((userId) => this.#core({ organizationId, userId }).isConnected));

  publishPresence: Inboxes['publishPresence'] = async (organizationId, userId) =>
    this.#requireReachable({ organizationId, userId }).publishPresenceAt(this.#now());

  watch: Inboxes['watch'] = async (organizationId, userIds, watcherId) => {
    for (const userId of userIds) this.#core({ organizationId, userId }).watchers.add(watcherId);
    return this.connected(organizationId, userIds);
  };

  showPresence: Inboxes['showPresence'] = async (organizationId, userId, presence) =>
    this.#core({ organizationId, userId }).followed.show(presence);

  forget: Inboxes['forget'] = async (organizationId, userId) =>
    void this.#inboxes.delete(`${organizationId}:${userId}`);
}
