import { describe, expect, it } from 'vitest';
import {
  EVENT_LIFE_MS,
  type InboxEvent,
  type InboxServerFrame,
  inboxServerFrames,
  MAX_EVENTS,
  type RingFrame,
} from '../../../src/people/inbox/index.ts';
import { InboxCore, type InboxDevice } from '../../../src/people/inbox-session/index.ts';
import { MemoryKeyValueStorage } from '../../support/memory-storage.ts';

const START_MS = Date.parse('2026-01-05T09:30:00.000Z');
const owner = { organizationId: 'org_01jd3v7q8gf4kr2x6a0w9mznpe', userId: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe' };
const person = (name: string) => ({ userId: owner.userId, name, avatarUrl: null });
const RING_ID = 'rng_01jd3v7q8gf4kr2x6a0w9mznpe';

interface TestDevice extends InboxDevice {
  frames: InboxServerFrame[];
  /** The number of the last event it received, as a client stores it. */
  seq: number;
  epoch: string;
}

/** An inbox whose core is created again for each call, as if the object were evicted between any two. */
class Inbox {
  nowMs = START_MS;
  wakeAtMs = Infinity;
  devices: TestDevice[] = [];
  readonly storage = new MemoryKeyValueStorage();
  #epochs = 0;

  get core(): InboxCore {
    const wakeAt = (atMs: number) => {
      this.wakeAtMs = Math.min(this.wakeAtMs, atMs);
    };
    const newEpoch = () => `epoch${++this.#epochs}`;
    return new InboxCore(this.storage, () => this.devices, wakeAt, newEpoch);
  }

  push(...events: InboxEvent[]): void {
    this.core.push(events, this.nowMs);
  }

  /** Connects a device; `back` is a device that reconnects with its cursor. */
  connect(back?: TestDevice): TestDevice {
    const frames: InboxServerFrame[] = [];
    const device: TestDevice = {
      connectionId: String(this.devices.length).padStart(16, '0'),
      greeted: false,
      frames,
      seq: back?.seq ?? 0,
      epoch: back?.epoch ?? '',
      send: (frame) => {
        frames.push(JSON.parse(JSON.stringify(frame)) as InboxServerFrame);
        if ('cursor' in frame) device.epoch = frame.cursor.epoch;
        if (frame.type === 'welcome') device.seq = frame.cursor.seq;
        if ('at' in frame) device.seq = frame.seq;
      },
    };
    this.devices.push(device);
    this.core.greet(device, back ? { epoch: back.epoch, seq: back.seq } : null, this.nowMs);
    device.greeted = true;
    return device;
  }

  disconnect(device: TestDevice): void {
    this.devices = this.devices.filter((each) => each !== device);
    this.core.disconnect(device.connectionId, this.nowMs);
  }

  wake(afterMs: number) {
    this.nowMs += afterMs;
    return this.core.wake(this.nowMs);
  }
}

const createNote = (number: number): InboxEvent => ({
  type: 'notification',
  key: `note:${number}`,
  notification: { type: 'room.invited', payload: { number } },
});
const createRing = (direction: RingFrame['direction'] = 'incoming', seconds = 30): InboxEvent => ({
  type: 'ring.started',
  key: `started:${direction}`,
  ring: {
    ringId: RING_ID,
    direction,
    from: person('Ann'),
    to: person('Ben'),
    roomId: null,
    message: null,
    startedAt: new Date(START_MS).toISOString(),
    expiresAt: new Date(START_MS + seconds * 1000).toISOString(),
  },
});
const ringEnded: InboxEvent = {
  type: 'ring.ended',
  key: 'ended',
  ringId: RING_ID,
  direction: 'incoming',
  reason: 'cancelled',
  roomId: null,
  by: null,
  expiresAt: new Date(START_MS + 30_000).toISOString(),
};

const numbersIn = (frames: readonly InboxServerFrame[]) =>
  frames.flatMap((frame) => (frame.type === 'notification' ? [frame.notification.payload.number] : []));
const typesOf = ({ frames }: TestDevice) => frames.map(({ type }) => type);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe('events', () => {
  it('are received by every device once and in order, however often they are pushed', () => {
    const inbox = new Inbox();
    const devices = [inbox.connect(), inbox.connect()];
    for (const number of upTo(5)) inbox.push(createNote(number), createNote(number), createNote(1));
    for (const device of devices) expect(numbersIn(device.frames)).toEqual([1, 2, 3, 4, 5]);
  });

  it.each(upTo(12).map((n) => n - 1))(
    'are each received once by a device that was disconnected after %i of them, whenever it reconnects',
    (cutAfter) => {
      for (let backAfter = cutAfter; backAfter <= 12; backAfter++) {
        const inbox = new Inbox();
        const first = inbox.connect();
        let second: TestDevice | undefined;
        for (const number of upTo(12)) {
          if (number === cutAfter + 1) inbox.disconnect(first);
          if (number === backAfter + 1) second = inbox.connect(first);
          inbox.push(createNote(number));
        }
        second ??= inbox.connect(first);
        expect(numbersIn([...first.frames, ...second.frames])).toEqual(upTo(12));
        expect(typesOf(second)).not.toContain('gap');
      }
    },
  );

  it('that are no longer stored are reported as a gap, followed by the events that are', () => {
    const inbox = new Inbox();
    const device = inbox.connect();
    inbox.push(createNote(1));
    inbox.disconnect(device);
    for (let number = 2; number <= MAX_EVENTS + 11; number++) inbox.push(createNote(number));
    const back = inbox.connect(device);
    expect(back.frames[0]).toEqual({ type: 'gap', from: 2, to: 11, reason: 'trimmed' });
    expect(back.frames[1]).toMatchObject({ type: 'resumed', from: 12, to: MAX_EVENTS + 11 });
    expect(numbersIn(back.frames)).toEqual(upTo(MAX_EVENTS).map((n) => n + 11));
  });

  it('are stored for a day, and reported as a gap afterwards', () => {
    const inbox = new Inbox();
    const device = inbox.connect();
    inbox.disconnect(device);
    inbox.push(createNote(1));
    inbox.wake(EVENT_LIFE_MS - 1);
    expect(numbersIn(inbox.connect(device).frames)).toEqual([1]);
    inbox.wake(1);
    expect(inbox.connect(device).frames[0]).toMatchObject({ type: 'gap', from: 1, to: 1 });
  });

  it.each([
    ['another history', { epoch: 'other', seq: 1 }, 'epoch'],
    ['a number that was never reached', { epoch: 'epoch1', seq: 99 }, 'ahead'],
  ])('are all sent, after a gap, to a device with a cursor of %s', (_what, place, reason) => {
    const inbox = new Inbox();
    inbox.push(createNote(1), createNote(2));
    const back = inbox.connect({ ...inbox.connect(), ...place });
    expect(back.frames[0]).toEqual({ type: 'gap', from: place.seq + 1, to: place.seq, reason });
    expect(numbersIn(back.frames)).toEqual([1, 2]);
  });

  it('are sent to a new device from its hello on', () => {
    const inbox = new Inbox();
    inbox.push(createNote(1));
    const device = inbox.connect();
    inbox.push(createNote(2));
    expect(numbersIn(device.frames)).toEqual([2]);
  });

  it('that were seen on one device are marked as seen on the others, once', () => {
    const inbox = new Inbox();
    const [phone, laptop] = [inbox.connect(), inbox.connect()];
    inbox.push(createNote(1), createNote(2));
    inbox.core.markSeen(phone, 2);
    inbox.core.markSeen(phone, 1);
    inbox.core.markSeen(laptop, 2);
    inbox.core.markSeen(phone, 99);
    expect(laptop.frames.filter(({ type }) => type === 'seen')).toEqual([{ type: 'seen', seq: 2 }]);
    expect(typesOf(phone)).not.toContain('seen');
    expect(inbox.connect().frames[0]).toMatchObject({ seenSeq: 2 });
  });

  it('and all other frames match the schemas of the protocol', () => {
    const inbox = new Inbox();
    const device = inbox.connect();
    inbox.push(createRing(), createNote(1), ringEnded, {
      ...createRing('outgoing'),
      type: 'ring.missed',
      because: 'busy',
    } as InboxEvent);
    const back = inbox.connect(device);
    const schemas = new Map(inboxServerFrames.map((schema) => [schema.shape.type.value as string, schema]));
    for (const frame of [...device.frames, ...back.frames])
      expect(schemas.get(frame.type)!.parse(frame)).toEqual(frame);
  });
});

describe('a ring', () => {
  it('is listed in the welcome of a device while it rings', () => {
    const inbox = new Inbox();
    inbox.push(createRing());
    expect(inbox.connect().frames[0]).toMatchObject({ rings: [{ ringId: RING_ID }] });
    inbox.push(ringEnded);
    expect(inbox.connect().frames[0]).toMatchObject({ rings: [] });
  });

  it('is not started by an event that arrives after its end or its expiry', () => {
    const inbox = new Inbox();
    const device = inbox.connect();
    inbox.push(ringEnded, createRing());
    expect(typesOf(device)).toEqual(['welcome']);
    const late = new Inbox();
    late.nowMs += 30_000;
    const other = late.connect();
    late.push(createRing());
    expect(typesOf(other)).toEqual(['welcome']);
  });

  it('expires on time, even if it is silent', () => {
    const [loud, quiet] = [new Inbox(), new Inbox()];
    loud.push(createRing());
    const expiresAt = new Date(START_MS + 30_000).toISOString();
    quiet.push({ type: 'ring.timed', key: 'timed', ringId: RING_ID, expiresAt });
    for (const inbox of [loud, quiet]) {
      expect(inbox.wakeAtMs).toBe(START_MS + 30_000);
      expect(inbox.wake(29_999).expiredRingIds).toEqual([]);
      const due = inbox.wake(1);
      expect(due.expiredRingIds).toEqual([RING_ID]);
      inbox.core.schedule.markRingExpired(due, RING_ID);
      expect(inbox.wake(60_000).expiredRingIds).toEqual([]);
    }
    const silent = new Inbox();
    const device = silent.connect();
    silent.push({ type: 'ring.timed', key: 'timed', ringId: RING_ID, expiresAt });
    expect(typesOf(device)).toEqual(['welcome']);
  });

  it('expires by the inbox of its callee, not by that of its caller', () => {
    const inbox = new Inbox();
    inbox.push(createRing('outgoing'));
    expect(inbox.wake(30_000).expiredRingIds).toEqual([]);
  });
});

describe('the schedule', () => {
  it('checks sessions once every five minutes, however many connections open and close', () => {
    const inbox = new Inbox();
    for (let i = 0; i < 5; i++) {
      inbox.nowMs += 1_000;
      inbox.core.registerConnection(inbox.nowMs);
    }
    inbox.connect();
    let rechecks = 0;
    for (let second = 0; second < 3_000; second++) if (inbox.wake(1_000).recheckSessions) rechecks++;
    expect(rechecks).toBe(10);
    inbox.devices = [];
    expect(inbox.wake(300_000).recheckSessions).toBe(false);
    inbox.nowMs += 600_000;
    expect(inbox.core.wake(inbox.nowMs).recheckSessions).toBe(false);
  });

  it('wakes every two and a half minutes while a device is connected, and not afterwards', () => {
    const inbox = new Inbox();
    inbox.core.registerConnection(inbox.nowMs);
    inbox.connect();
    inbox.core.schedule.markPresencePublished(inbox.wake(10_000));
    const wakes: number[] = [];
    while (inbox.core.schedule.nextAtMs !== null) {
      const atMs = inbox.core.schedule.nextAtMs;
      wakes.push((atMs - START_MS) / 1000);
      inbox.wake(atMs - inbox.nowMs);
      if (wakes.length === 5) inbox.devices = [];
    }
    expect(wakes).toEqual([150, 300, 450, 600, 750, 900]);
  });

  it('repeats a task after fifteen seconds until it is marked as done', () => {
    const inbox = new Inbox();
    inbox.push(createRing());
    inbox.core.publishPresenceAt(inbox.nowMs + 30_000);
    for (const afterMs of [30_000, 15_000, 15_000])
      expect(inbox.wake(afterMs)).toMatchObject({ expiredRingIds: [RING_ID], publishPresence: true });
    const due = inbox.wake(15_000);
    // A change during the work is a new task.
    inbox.core.publishPresenceAt(due.retryAtMs);
    inbox.core.schedule.markPresencePublished(due);
    inbox.core.schedule.markRingExpired(due, RING_ID);
    const next = inbox.wake(15_000);
    expect(next).toMatchObject({ expiredRingIds: [], publishPresence: true });
    inbox.core.schedule.markPresencePublished(next);
    expect(inbox.wake(15_000)).toMatchObject({ expiredRingIds: [], publishPresence: false });
  });

  it('prunes at the earliest requested time', () => {
    const inbox = new Inbox();
    inbox.push(createNote(1));
    inbox.nowMs += 3_600_000;
    inbox.push(createNote(2));
    expect(inbox.core.schedule.nextAtMs).toBe(START_MS + EVENT_LIFE_MS);
    expect(inbox.wake(EVENT_LIFE_MS - 3_600_000)).toMatchObject({ prune: true });
    expect(inbox.core.schedule.nextAtMs).toBe(START_MS + 3_600_000 + EVENT_LIFE_MS);
  });

  it('migrates the tasks of an inbox that was stored by an earlier version, without duplicates', () => {
    const inbox = new Inbox();
    const dueAtMs = START_MS + EVENT_LIFE_MS;
    inbox.storage.put('t|prune', dueAtMs);
    inbox.storage.put(`due|${String(dueAtMs).padStart(15, '0')}|prune`, null);
    inbox.nowMs += 1_000;
    inbox.push(createNote(1));
    expect(inbox.core.schedule.nextAtMs).toBe(dueAtMs);
    expect(inbox.wake(EVENT_LIFE_MS)).toMatchObject({ prune: true });
    expect(inbox.wake(0)).toMatchObject({ prune: false });
    expect([...inbox.storage.list({ prefix: 't|' })]).toEqual([]);
  });

  it('is empty once no device is connected and all entries are old', () => {
    const inbox = new Inbox();
    const device = inbox.connect();
    inbox.push(createNote(1), createRing());
    inbox.disconnect(device);
    expect(inbox.core.isEmpty).toBe(false);
    for (let hour = 0; hour < 49; hour++) {
      const due = inbox.wake(3_600_000);
      inbox.core.schedule.markPresencePublished(due);
      for (const ringId of due.expiredRingIds) inbox.core.schedule.markRingExpired(due, ringId);
    }
    expect(inbox.core.isEmpty).toBe(true);
  });
});
