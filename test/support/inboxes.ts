import {
  type Device,
  type Inboxes,
  InboxKeeper,
  type Owner,
  type PresenceView,
  type ServerFrame,
} from '../../src/meetings/inbox/index.ts';
import { announcePresence } from '../../src/meetings/presence/index.ts';
import { runOutRing } from '../../src/meetings/ringing/index.ts';
import type { Services } from '../../src/platform/context/index.ts';
import { serverErrors } from '../../src/platform/core/index.ts';
import { MemoryKeyValues } from './limits.ts';

/** A device of a person: what it was sent. */
export interface TestDevice extends Device {
  frames: ServerFrame[];
  /** The frames of a type, in order. */
  of<T extends ServerFrame['type']>(type: T): Extract<ServerFrame, { type: T }>[];
}

interface Inbox {
  storage: MemoryKeyValues;
  devices: TestDevice[];
  wakeAtMs: number;
}

let made = 0;
const name = () => (++made).toString(16).padStart(16, '0');

/** The inboxes of all people in one process: the core that the live objects run, without the objects. */
export class MemoryInboxes implements Inboxes {
  /** While true nobody can be told anything. */
  deaf = false;
  readonly #inboxes = new Map<string, Inbox>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  #inbox({ organizationId, userId }: Owner): Inbox {
    const key = `${organizationId}:${userId}`;
    let inbox = this.#inboxes.get(key);
    if (!inbox)
      this.#inboxes.set(key, (inbox = { storage: new MemoryKeyValues(), devices: [], wakeAtMs: Infinity }));
    return inbox;
  }

  /** Made anew for each call, as if the object had been evicted after the one before. */
  #keeper(owner: Owner): InboxKeeper {
    const inbox = this.#inbox(owner);
    const wakeAt = (atMs: number) => {
      inbox.wakeAtMs = Math.min(inbox.wakeAtMs, atMs);
    };
    const keeper = new InboxKeeper(inbox.storage, () => inbox.devices, wakeAt, name);
    keeper.own(owner);
    return keeper;
  }

  #reached(owner: Owner): InboxKeeper {
    if (this.deaf) throw serverErrors.unavailable({ detail: 'the inbox is not available' });
    return this.#keeper(owner);
  }

  /** A device comes in and says hello. */
  attach({ organizationId, userId }: Owner): TestDevice {
    const frames: ServerFrame[] = [];
    const device: TestDevice = {
      connectionId: name(),
      greeted: false,
      frames,
      send: (frame) => void frames.push(frame),
      of: (type) => frames.filter((frame) => frame.type === type) as never,
    };
    const owner = { organizationId, userId };
    this.#inbox(owner).devices.push(device);
    this.#keeper(owner).greet(device, null, this.#now());
    device.greeted = true;
    return device;
  }

  detach({ organizationId, userId }: Owner, device: TestDevice): void {
    const inbox = this.#inbox({ organizationId, userId });
    inbox.devices = inbox.devices.filter((each) => each !== device);
    this.#keeper({ organizationId, userId }).leave(device.connectionId, this.#now());
  }

  /** Wakes every inbox that is due, as its alarm would. */
  async wake(services: Services): Promise<void> {
    for (const [key, inbox] of this.#inboxes) {
      if (inbox.wakeAtMs > this.#now()) continue;
      const [organizationId, userId] = key.split(':') as [string, string];
      const owner = { organizationId, userId };
      const keeper = this.#keeper(owner);
      const due = keeper.wake(this.#now());
      const { chores } = keeper;
      inbox.wakeAtMs = chores.nextAtMs ?? Infinity;
      for (const ringId of due.runOut) {
        await runOutRing(services, organizationId, ringId);
        chores.ranOut(due, ringId);
      }
      const watcherIds = keeper.watchers.all();
      if (due.announce && watcherIds.length === 0) chores.announced(due);
      if (!due.announce || watcherIds.length === 0) continue;
      const told = await announcePresence(services, owner, watcherIds, () => keeper.isConnected);
      for (const watcherId of told.gone) keeper.watchers.remove(watcherId);
      if (told.nextAtMs !== null) keeper.announceAt(told.nextAtMs);
      chores.announced(due);
    }
  }

  /** Has a device follow people, as the frame does: `read` watches them and tells how they stand. */
  async follow(
    owner: Owner,
    device: TestDevice,
    userIds: readonly string[],
    read: () => Promise<PresenceView[]>,
  ): Promise<PresenceView[]> {
    this.#keeper(owner).followed.follow(device.connectionId, userIds);
    const people = await read();
    this.#keeper(owner).followed.list(device, people);
    return people;
  }

  watchersOf(owner: Owner): string[] {
    return this.#keeper(owner).watchers.all();
  }

  /** There are no sockets in Node: what an upgrade would answer. */
  connect: Inboxes['connect'] = async () =>
    Object.defineProperty(new Response(null), 'status', { value: 101 });

  push: Inboxes['push'] = async (organizationId, userId, events) =>
    this.#reached({ organizationId, userId }).push(events, this.#now());

  connected: Inboxes['connected'] = async (organizationId, userIds) =>
    new Set(userIds.filter((userId) => this.#keeper({ organizationId, userId }).isConnected));

  announce: Inboxes['announce'] = async (organizationId, userId) =>
    this.#reached({ organizationId, userId }).announceAt(this.#now());

  watch: Inboxes['watch'] = async (organizationId, userIds, watcherId) => {
    for (const userId of userIds) this.#keeper({ organizationId, userId }).watchers.add(watcherId);
    return this.connected(organizationId, userIds);
  };

  show: Inboxes['show'] = async (organizationId, userId, presence) =>
    this.#keeper({ organizationId, userId }).followed.show(presence);

  forget: Inboxes['forget'] = async (organizationId, userId) =>
    void this.#inboxes.delete(`${organizationId}:${userId}`);
}
