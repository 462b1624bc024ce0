import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { sessions } from '../../../src/identity/accounts/accounts.tables.ts';
import type { Connection, InboxClaims } from '../../../src/meetings/inbox/index.ts';
import { systemScope } from '../../../src/platform/context/index.ts';
import {
  call,
  connect,
  equip,
  fetchDoor,
  note,
  objectOf,
  open,
  port,
  services,
  somebody,
  type Somebody,
  stranger,
  TestDevice,
  wakeLater,
} from './inbox-client.ts';

const evict = (claims: InboxClaims) => evictDurableObject(objectOf(claims));
const push = (claims: InboxClaims, number: number) =>
  port.push(claims.organizationId, claims.userId, [note(number)]);
/** Has the last frame of each device come then, from now on. */
const lastHeard = (claims: InboxClaims, laterMs: number) =>
  runInDurableObject(objectOf(claims), (_, state) => {
    for (const socket of state.getWebSockets()) {
      const connection = socket.deserializeAttachment() as Connection;
      socket.serializeAttachment({ ...connection, filledAtMs: Date.now() + laterMs });
    }
  });
const COUNT = 6;
const all = Array.from({ length: COUNT }, (_, i) => i + 1);

describe('a device', () => {
  it.each([0, ...all])(
    'is shown each event once and in order when the inbox is evicted after %i of them',
    async (at) => {
      const claims = stranger();
      const device = await connect(claims);
      if (at === 0) await evict(claims);
      for (const number of all) {
        await push(claims, number);
        if (number === at) await evict(claims);
        await push(claims, number);
      }
      await device.settle();
      expect(device.numbers).toEqual(all);
      expect(device.closed).toBeUndefined();
    },
  );

  it.each([0, ...all])(
    'that was cut off after %i events is shown the rest, through evictions',
    async (at) => {
      const claims = stranger();
      const first = await connect(claims);
      for (const number of all.slice(0, at)) await push(claims, number);
      await first.settle();
      first.socket.close();
      const { cursor } = first.of('welcome')[0]!;
      for (const number of all.slice(at)) {
        await push(claims, number);
        await evict(claims);
      }
      const second = await connect(claims, { epoch: cursor.epoch, seq: at });
      await second.settle();
      expect([...first.numbers, ...second.numbers]).toEqual(all);
      expect(second.of('gap')).toEqual([]);
    },
  );

  it('is told of a gap when the inbox has been forgotten', async () => {
    const claims = stranger();
    const first = await connect(claims);
    await push(claims, 1);
    await first.next('notification');
    const { cursor } = first.of('welcome')[0]!;
    await port.forget(claims.organizationId, claims.userId);
    await first.until(() => first.closed !== undefined, 'the end');
    expect(first.closed).toBe(4410);
    await push(claims, 2);
    const second = await connect(claims, { epoch: cursor.epoch, seq: 1 });
    await second.settle();
    expect([second.of('gap').map(({ reason }) => reason), second.numbers]).toEqual([['epoch'], [2]]);
  });

  it('without a hello is shown nothing, and closed after ten seconds', async () => {
    const claims = stranger();
    const device = await open(claims);
    await push(claims, 1);
    expect(await device.ask({ type: 'ack', seq: 1 })).toMatchObject({
      type: 'error',
      code: 'realtime.hello_first',
    });
    expect(device.numbers).toEqual([]);
    expect((await port.connected(claims.organizationId, [claims.userId])).size).toBe(0);
    await evict(claims);
    await wakeLater(claims, 10_001);
    await device.until(() => device.closed !== undefined, 'the end');
    expect(device.closed).toBe(4408);
  });

  it('that floods or talks nonsense harms only itself', async () => {
    const claims = stranger();
    const [good, bad, loud] = [await connect(claims), await connect(claims), await connect(claims)];
    for (let i = 0; i < 10; i++) bad.socket.send('nonsense');
    for (let i = 0; i < 70; i++) loud.send({ type: 'ack', seq: 1 });
    await bad.until(() => bad.closed !== undefined, 'the end');
    await loud.until(() => loud.closed !== undefined, 'the end');
    expect([bad.closed, loud.closed]).toEqual([4400, 4429]);
    await push(claims, 1);
    await good.next('notification');
    expect(good.closed).toBeUndefined();
  });

  it('is answered a ping without waking the inbox', async () => {
    const claims = stranger();
    const device = await connect(claims);
    await evict(claims);
    device.socket.send('{"type":"ping"}');
    await device.next('pong');
  });

  it('that has not pinged for two minutes is gone for who asks; one that has is not', async () => {
    const claims = stranger();
    const there = async () => (await port.connected(claims.organizationId, [claims.userId])).size;
    const [quiet, alive] = [await connect(claims), await connect(claims)];
    await evict(claims);
    alive.socket.send('{"type":"ping"}');
    await alive.next('pong');
    await lastHeard(claims, -120_001);
    expect(await there()).toBe(1);
    await quiet.until(() => quiet.closed !== undefined, 'the end');
    expect([quiet.closed, alive.closed]).toEqual([4408, undefined]);
  });

  it('takes the place of the oldest when there are twenty', async () => {
    const claims = stranger();
    const first = await connect(claims);
    for (let i = 0; i < 19; i++) await connect(claims);
    expect(first.closed).toBeUndefined();
    await evict(claims);
    const last = await connect(claims);
    await first.until(() => first.closed !== undefined, 'the end');
    expect(first.closed).toBe(4409);
    await push(claims, 1);
    await last.next('notification');
  });
});

it('the socket opens through the door with a ticket, in the protocol that was offered', async () => {
  const ann = await somebody();
  const { body } = await call(ann, 'POST', '/api/v1/me/socket-tickets');
  for (const [path, headers, protocol] of [
    ['/api/v1/me/socket', { 'sec-websocket-protocol': body.protocols.join(', ') }, 'auralink-inbox.v1'],
    [`/api/v1/me/socket?ticket=${body.ticket}`, {}, null],
  ] as const) {
    const response = await fetchDoor(path, { upgrade: 'websocket', ...headers });
    expect([response.status, response.headers.get('sec-websocket-protocol')]).toEqual([101, protocol]);
    const device = new TestDevice(response.webSocket!);
    device.send({ type: 'hello' });
    await device.next('welcome');
  }
  expect((await fetchDoor('/api/v1/me/socket', { upgrade: 'websocket' })).status).toBe(401);
});

describe('a person', () => {
  it('is connected while a device is, also after an eviction', async () => {
    const claims = stranger();
    const there = async () =>
      (await port.connected(claims.organizationId, [claims.userId])).has(claims.userId);
    expect(await there()).toBe(false);
    const device = await connect(claims);
    await evict(claims);
    expect(await there()).toBe(true);
    device.socket.close();
    await device.until(() => device.closed !== undefined, 'the end');
    expect(await there()).toBe(false);
  });

  it('whose inbox has nothing to keep leaves nothing behind', async () => {
    const claims = stranger();
    const device = await connect(claims);
    await push(claims, 1);
    device.socket.close();
    await device.until(() => device.closed !== undefined, 'the end');
    const size = () =>
      runInDurableObject(objectOf(claims), (_, { storage }) => [...storage.kv.list()].length);
    for (const days of [1, 2, 3]) {
      await evict(claims);
      await wakeLater(claims, days * 86_400_000 + 60_000);
    }
    expect(await size()).toBe(0);
    expect(await runDurableObjectAlarm(objectOf(claims))).toBe(false);
  });
});

describe('a ring', () => {
  let ann: Somebody;
  let ben: Somebody;

  beforeEach(async () => {
    ann = await somebody();
    ben = await somebody(ann.organizationId);
  });

  const ring = async (timeoutSeconds = 30) => {
    const rung = await call(ann, 'POST', '/api/v1/rings', { to: ben.userId, timeoutSeconds });
    expect(rung).toMatchObject({ status: 201, body: { status: 'ringing' } });
    return rung.body.id as string;
  };

  it('is heard on all devices, accepted on one by a frame, and stops on all, through evictions', async () => {
    const [own, phone, laptop, tablet] = [
      await connect(ann),
      await connect(ben),
      await connect(ben),
      await connect(ben),
    ];
    const ringId = await ring();
    for (const device of [phone, laptop, tablet])
      expect((await device.next('ring.incoming')).ring).toMatchObject({
        ringId,
        from: { userId: ann.userId },
      });
    expect((await own.next('ring.outgoing')).ring.ringId).toBe(ringId);
    await evict(ben);
    await evict(ann);
    await equip(ben);
    expect(await phone.ask({ type: 'ring.accept', ringId })).toMatchObject({ type: 'ack' });
    const stopped = await Promise.all(
      [phone, laptop, tablet, own].map((device) => device.next('ring.stopped')),
    );
    expect(stopped.map(({ reason, byThisDevice }) => [reason, byThisDevice])).toEqual([
      ['accepted', true],
      ['accepted', false],
      ['accepted', false],
      ['accepted', false],
    ]);
    expect(await laptop.ask({ type: 'ring.accept', ringId })).toMatchObject({
      type: 'error',
      code: 'ringing.over',
    });
  });

  it('has one winner when two devices accept at once', async () => {
    const [phone, laptop] = [await connect(ben), await connect(ben)];
    await equip(ben);
    const ringId = await ring();
    const answers = await Promise.all(
      [phone, laptop].map((device) => device.ask({ type: 'ring.accept', ringId })),
    );
    expect(answers.map(({ type }) => type).toSorted()).toEqual(['ack', 'error']);
    await Promise.all([phone, laptop].map((device) => device.next('ring.stopped')));
  });

  it('is cancelled by a frame of the caller, and not by one of who is rung', async () => {
    const [own, phone] = [await connect(ann), await connect(ben)];
    await equip(ann);
    await equip(ben);
    const ringId = await ring();
    expect(await phone.ask({ type: 'ring.cancel', ringId })).toMatchObject({ code: 'ringing.not_yours' });
    expect(await own.ask({ type: 'ring.cancel', ringId })).toMatchObject({ type: 'ack' });
    expect(await phone.next('ring.stopped')).toMatchObject({ reason: 'cancelled' });
  });

  it('runs out by the alarm of who is rung, also after an eviction', async () => {
    const [own, phone] = [await connect(ann), await connect(ben)];
    const ringId = await ring(5);
    await phone.next('ring.incoming');
    await evict(ben);
    expect(await wakeLater(ben, 5_500)).toBe(true);
    expect(await phone.next('ring.stopped')).toMatchObject({ reason: 'missed', ringId });
    expect(await own.next('ring.stopped')).toMatchObject({ reason: 'missed', ringId });
    expect((await call(ben, 'GET', '/api/v1/rings?missed=true')).body.data).toMatchObject([{ id: ringId }]);
  });

  it('that could not be ended at its time is tried again', async () => {
    const phone = await connect(ben);
    await ring(5);
    await equip(ben, 5_500);
    await runInDurableObject(objectOf(ben), (instance) => {
      const failing = {
        ...services,
        database: { ...services.database, read: () => Promise.reject(new Error('down')) },
      };
      Object.assign(instance, {
        services: () => ({ ...failing, log: { ...services.log, error: () => undefined } }),
      });
    });
    await runDurableObjectAlarm(objectOf(ben));
    expect(phone.of('ring.stopped')).toEqual([]);
    await evict(ben);
    await wakeLater(ben, 25_000);
    expect(await phone.next('ring.stopped')).toMatchObject({ reason: 'missed' });
  });
});

describe('presence', () => {
  it('is followed, set and announced by frames, and hidden from who is blocked', async () => {
    const ann = await somebody();
    const ben = await somebody(ann.organizationId);
    const [annsPhone, bensPhone] = [await connect(ann), await connect(ben)];
    await equip(ann);
    await equip(ben);
    expect(await annsPhone.ask({ type: 'presence.subscribe', userIds: [ben.userId] })).toMatchObject({
      type: 'ack',
    });
    expect((await annsPhone.next('presence.list')).people).toEqual([
      { userId: ben.userId, status: 'online', message: null },
    ]);
    expect(await bensPhone.ask({ type: 'presence.set', status: 'dnd', message: 'Workshop' })).toMatchObject({
      type: 'ack',
    });
    await wakeLater(ben, 0);
    expect((await annsPhone.next('presence.changed')).presence).toMatchObject({
      status: 'dnd',
      message: 'Workshop',
    });
    await evict(ann);
    await evict(ben);
    bensPhone.socket.close();
    await bensPhone.until(() => bensPhone.closed !== undefined, 'the end');
    await wakeLater(ben, 11_000);
    expect((await annsPhone.next('presence.changed', 2)).presence).toMatchObject({
      status: 'offline',
      message: null,
    });
  });

  it('of who went without a word is offline for their followers, although their device never answers', async () => {
    const ann = await somebody();
    const ben = await somebody(ann.organizationId);
    const [annsPhone] = [await connect(ann), await connect(ben)];
    await equip(ann);
    await annsPhone.ask({ type: 'presence.subscribe', userIds: [ben.userId] });
    await equip(ben);
    await runInDurableObject(objectOf(ben), (instance) => {
      // The network that is gone brings no answer to the close.
      Object.assign(instance as object, { webSocketClose: () => undefined });
    });
    await wakeLater(ben, 150_001);
    await wakeLater(ben, 160_002);
    expect((await annsPhone.next('presence.changed')).presence).toMatchObject({ status: 'offline' });
  });

  it('is told once more when the inbox went while it was told', async () => {
    const ann = await somebody();
    const ben = await somebody(ann.organizationId);
    const [annsPhone, bensPhone] = [await connect(ann), await connect(ben)];
    await equip(ann);
    await annsPhone.ask({ type: 'presence.subscribe', userIds: [ben.userId] });
    await equip(ben);
    await wakeLater(ben, 0);
    await bensPhone.ask({ type: 'presence.set', status: 'dnd' });
    let begun = () => undefined as void;
    const telling = new Promise<void>((resolve) => (begun = resolve));
    await runInDurableObject(objectOf(ben), (instance) => {
      const read = () => {
        begun();
        return new Promise(() => undefined);
      };
      const hanging = { ...services, database: { ...services.database, read } };
      Object.assign(instance, { services: () => hanging });
      void (instance as unknown as { alarm(): Promise<void> }).alarm();
      return telling;
    });
    await evict(ben);
    await wakeLater(ben, 15_001);
    expect((await annsPhone.next('presence.changed')).presence).toMatchObject({ status: 'dnd' });
  });

  it('of people elsewhere is nothing: they are left out', async () => {
    const [ann, elsewhere] = [await somebody(), await somebody()];
    const phone = await connect(ann);
    await equip(ann);
    await phone.ask({ type: 'presence.subscribe', userIds: [elsewhere.userId] });
    expect((await phone.next('presence.list')).people).toEqual([]);
  });
});

describe('a session that ends', () => {
  it('takes its sockets along within five minutes, also after hibernation; those of other sessions stay', async () => {
    const ann = await somebody();
    const other = services.ids.create('session');
    const now = new Date();
    const row = { id: other, userId: ann.userId, tokenHash: other, createdAt: now, updatedAt: now };
    await services.database.commit(systemScope, (q) => [
      q.insert(sessions).values({ ...row, expiresAt: new Date(now.getTime() + 3_600_000) }),
    ]);
    const [staying, going] = [await connect(ann), await connect({ ...ann, sessionId: other })];
    await services.database.commit(systemScope, (q) => [
      q.update(sessions).set({ revokedAt: now }).where(eq(sessions.id, other)),
    ]);
    await evict(ann);
    await lastHeard(ann, 300_000);
    await wakeLater(ann, 300_001);
    await going.until(() => going.closed !== undefined, 'the end');
    expect(going.closed).toBe(4401);
    await push(ann, 1);
    await staying.next('notification');
  });
});

it('a notification that a job pushes is shown once on each device, seen on all by one, and kept for those away', async () => {
  const claims = stranger();
  const [phone, laptop] = [await connect(claims), await connect(claims)];
  const tablet = await connect(claims);
  tablet.socket.close();
  await tablet.until(() => tablet.closed !== undefined, 'the end');
  await push(claims, 1);
  await evict(claims);
  await push(claims, 1);
  for (const device of [phone, laptop])
    expect(await device.next('notification')).toMatchObject({ seq: 1, notification: note(1).notification });
  expect(await phone.ask({ type: 'ack', seq: 1 })).toMatchObject({ type: 'ack' });
  expect(await laptop.next('seen')).toEqual({ type: 'seen', seq: 1 });
  await evict(claims);
  const back = await connect(claims, tablet.of('welcome')[0]!.cursor);
  expect(await back.next('resumed')).toMatchObject({ from: 1, to: 1, seenSeq: 1 });
  await Promise.all([phone, laptop, back].map((device) => device.settle()));
  expect([phone, laptop, back].map(({ numbers }) => numbers)).toEqual([[1], [1], [1]]);
});
