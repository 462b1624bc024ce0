import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { sessions } from '../../../src/identity/sessions/sessions.tables.ts';
import type { InboxClaims } from '../../../src/people/inbox/index.ts';
import type { DeviceConnection } from '../../../src/people/inbox-session/index.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import {
  call,
  connect,
  provideServices,
  fetchWorker,
  createNote,
  inboxObject,
  open,
  port,
  services,
  createSignedInPerson,
  type SignedInPerson,
  InboxClient,
  runAlarmLater,
} from '../../support/inbox-client.ts';

const evict = (claims: InboxClaims) => evictDurableObject(inboxObject(claims));
const push = (claims: InboxClaims, number: number) =>
  port.push(claims.organizationId, claims.userId, [createNote(number)]);
/** Sets when the last frame of each device arrived. */
const setLastReceived = (claims: InboxClaims, laterMs: number) =>
  runInDurableObject(inboxObject(claims), (_, state) => {
    for (const socket of state.getWebSockets()) {
      const connection = socket.deserializeAttachment() as DeviceConnection;
      socket.serializeAttachment({ ...connection, filledAtMs: Date.now() + laterMs });
    }
  });
const COUNT = 6;
const all = Array.from({ length: COUNT }, (_, i) => i + 1);

describe('a device', () => {
  it.each([0, ...all])(
    'receives each event once and in order when the inbox is evicted after %i of them',
    async (at) => {
      const claims = await createSignedInPerson();
      const device = await connect(claims);
      if (at === 0) await evict(claims);
      for (const number of all) {
        await push(claims, number);
        if (number === at) await evict(claims);
        await push(claims, number);
      }
      await device.waitForDelivery();
      expect(device.noteNumbers).toEqual(all);
      expect(device.closeCode).toBeUndefined();
    },
  );

  it.each([0, ...all])(
    'that was disconnected after %i events receives the rest, through evictions',
    async (at) => {
      const claims = await createSignedInPerson();
      const first = await connect(claims);
      for (const number of all.slice(0, at)) await push(claims, number);
      await first.waitForDelivery();
      first.close();
      const { cursor } = first.framesOf('welcome')[0]!;
      for (const number of all.slice(at)) {
        await push(claims, number);
        await evict(claims);
      }
      const second = await connect(claims, { epoch: cursor.epoch, seq: at });
      await second.waitForDelivery();
      expect([...first.noteNumbers, ...second.noteNumbers]).toEqual(all);
      expect(second.framesOf('gap')).toEqual([]);
    },
  );

  it('receives a gap when the inbox was deleted in the meantime', async () => {
    const claims = await createSignedInPerson();
    const first = await connect(claims);
    await push(claims, 1);
    await first.waitForFrame('notification');
    const { cursor } = first.framesOf('welcome')[0]!;
    await port.forget(claims.organizationId, claims.userId);
    expect(await first.waitForClose()).toBe(4410);
    await push(claims, 2);
    const second = await connect(claims, { epoch: cursor.epoch, seq: 1 });
    await second.waitForDelivery();
    expect([second.framesOf('gap').map(({ reason }) => reason), second.noteNumbers]).toEqual([
      ['epoch'],
      [2],
    ]);
  });

  it('without a hello receives nothing and is closed after ten seconds', async () => {
    const claims = await createSignedInPerson();
    const device = await open(claims);
    await push(claims, 1);
    expect(await device.sendAndWait({ type: 'ack', seq: 1 })).toMatchObject({
      type: 'error',
      code: 'realtime.hello_first',
    });
    expect(device.noteNumbers).toEqual([]);
    expect((await port.connected(claims.organizationId, [claims.userId])).size).toBe(0);
    await evict(claims);
    await runAlarmLater(claims, 10_001);
    expect(await device.waitForClose()).toBe(4408);
  });

  it('that floods or sends garbage harms only itself', async () => {
    const claims = await createSignedInPerson();
    const [good, bad, loud] = [await connect(claims), await connect(claims), await connect(claims)];
    for (let i = 0; i < 10; i++) bad.send('nonsense');
    for (let i = 0; i < 70; i++) loud.send({ type: 'ack', seq: 1 });
    await bad.waitForClose();
    await loud.waitForClose();
    expect([bad.closeCode, loud.closeCode]).toEqual([4400, 4429]);
    await push(claims, 1);
    await good.waitForFrame('notification');
    expect(good.closeCode).toBeUndefined();
  });

  it('gets an answer to its ping without waking the inbox', async () => {
    const claims = await createSignedInPerson();
    const device = await connect(claims);
    await evict(claims);
    device.send('{"type":"ping"}');
    await device.waitForFrame('pong');
  });

  it('counts as gone after two minutes without a ping; one that pings does not', async () => {
    const claims = await createSignedInPerson();
    const countConnected = async () => (await port.connected(claims.organizationId, [claims.userId])).size;
    const [quiet, alive] = [await connect(claims), await connect(claims)];
    await evict(claims);
    alive.send('{"type":"ping"}');
    await alive.waitForFrame('pong');
    await setLastReceived(claims, -120_001);
    expect(await countConnected()).toBe(1);
    await quiet.waitForClose();
    expect([quiet.closeCode, alive.closeCode]).toEqual([4408, undefined]);
  });

  it('replaces the oldest when there are twenty', async () => {
    const claims = await createSignedInPerson();
    const first = await connect(claims);
    for (let i = 0; i < 19; i++) await connect(claims);
    expect(first.closeCode).toBeUndefined();
    await evict(claims);
    const last = await connect(claims);
    expect(await first.waitForClose()).toBe(4409);
    await push(claims, 1);
    await last.waitForFrame('notification');
  });
});

it('the socket opens over HTTP with a ticket, and answers with the subprotocol that was offered', async () => {
  const ann = await createSignedInPerson();
  const { body } = await call(ann, 'POST', '/api/v1/me/socket-tickets');
  for (const [path, headers, protocol] of [
    ['/api/v1/me/socket', { 'sec-websocket-protocol': body.protocols.join(', ') }, 'auralink-inbox.v1'],
    [`/api/v1/me/socket?ticket=${body.ticket}`, {}, null],
  ] as const) {
    const response = await fetchWorker(path, { upgrade: 'websocket', ...headers });
    expect([response.status, response.headers.get('sec-websocket-protocol')]).toEqual([101, protocol]);
    const device = new InboxClient(response.webSocket!);
    device.send({ type: 'hello' });
    await device.waitForFrame('welcome');
  }
  expect((await fetchWorker('/api/v1/me/socket', { upgrade: 'websocket' })).status).toBe(401);
});

describe('a person', () => {
  it('is connected while a device is, after an eviction as well', async () => {
    const claims = await createSignedInPerson();
    const isConnected = async () =>
      (await port.connected(claims.organizationId, [claims.userId])).has(claims.userId);
    expect(await isConnected()).toBe(false);
    const device = await connect(claims);
    await evict(claims);
    expect(await isConnected()).toBe(true);
    device.close();
    await device.waitForClose();
    expect(await isConnected()).toBe(false);
  });

  it('leaves no stored data behind once everything in the inbox is old', async () => {
    const claims = await createSignedInPerson();
    const device = await connect(claims);
    await push(claims, 1);
    device.close();
    await device.waitForClose();
    const size = () =>
      runInDurableObject(inboxObject(claims), (_, { storage }) => [...storage.kv.list()].length);
    for (const days of [1, 2, 3]) {
      await evict(claims);
      await runAlarmLater(claims, days * 86_400_000 + 60_000);
    }
    expect(await size()).toBe(0);
    expect(await runDurableObjectAlarm(inboxObject(claims))).toBe(false);
  });
});

describe('a ring', () => {
  let ann: SignedInPerson;
  let ben: SignedInPerson;

  beforeEach(async () => {
    ann = await createSignedInPerson();
    ben = await createSignedInPerson(ann.organizationId);
  });

  const ring = async (timeoutSeconds = 30) => {
    const rung = await call(ann, 'POST', '/api/v1/rings', { to: ben.userId, timeoutSeconds });
    expect(rung).toMatchObject({ status: 201, body: { status: 'ringing' } });
    return rung.body.id as string;
  };

  it('rings on all devices, is accepted on one by a frame, and stops on all, through evictions', async () => {
    const [own, phone, laptop, tablet] = [
      await connect(ann),
      await connect(ben),
      await connect(ben),
      await connect(ben),
    ];
    const ringId = await ring();
    for (const device of [phone, laptop, tablet])
      expect((await device.waitForFrame('ring.incoming')).ring).toMatchObject({
        ringId,
        from: { userId: ann.userId },
      });
    expect((await own.waitForFrame('ring.outgoing')).ring.ringId).toBe(ringId);
    await evict(ben);
    await evict(ann);
    await provideServices(ben);
    expect(await phone.sendAndWait({ type: 'ring.accept', ringId })).toMatchObject({ type: 'ack' });
    const stopped = await Promise.all(
      [phone, laptop, tablet, own].map((device) => device.waitForFrame('ring.stopped')),
    );
    expect(stopped.map(({ reason, byThisDevice }) => [reason, byThisDevice])).toEqual([
      ['accepted', true],
      ['accepted', false],
      ['accepted', false],
      ['accepted', false],
    ]);
    expect(await laptop.sendAndWait({ type: 'ring.accept', ringId })).toMatchObject({
      type: 'error',
      code: 'ringing.over',
    });
  });

  it('has one winner when two devices accept at once', async () => {
    const [phone, laptop] = [await connect(ben), await connect(ben)];
    await provideServices(ben);
    const ringId = await ring();
    const answers = await Promise.all(
      [phone, laptop].map((device) => device.sendAndWait({ type: 'ring.accept', ringId })),
    );
    expect(answers.map(({ type }) => type).toSorted()).toEqual(['ack', 'error']);
    await Promise.all([phone, laptop].map((device) => device.waitForFrame('ring.stopped')));
  });

  it('is cancelled by a frame of the caller, not by one of the callee', async () => {
    const [own, phone] = [await connect(ann), await connect(ben)];
    await provideServices(ann);
    await provideServices(ben);
    const ringId = await ring();
    expect(await phone.sendAndWait({ type: 'ring.cancel', ringId })).toMatchObject({
      code: 'ringing.not_yours',
    });
    expect(await own.sendAndWait({ type: 'ring.cancel', ringId })).toMatchObject({ type: 'ack' });
    expect(await phone.waitForFrame('ring.stopped')).toMatchObject({ reason: 'cancelled' });
  });

  it("expires by the alarm of the callee's inbox, after an eviction as well", async () => {
    const [own, phone] = [await connect(ann), await connect(ben)];
    const ringId = await ring(5);
    await phone.waitForFrame('ring.incoming');
    await evict(ben);
    expect(await runAlarmLater(ben, 5_500)).toBe(true);
    expect(await phone.waitForFrame('ring.stopped')).toMatchObject({ reason: 'missed', ringId });
    expect(await own.waitForFrame('ring.stopped')).toMatchObject({ reason: 'missed', ringId });
    expect((await call(ben, 'GET', '/api/v1/rings?missed=true')).body.data).toMatchObject([{ id: ringId }]);
  });

  it('is ended later when it could not be ended on time', async () => {
    const phone = await connect(ben);
    await ring(5);
    await provideServices(ben, 5_500);
    await runInDurableObject(inboxObject(ben), (instance) => {
      const failing = {
        ...services,
        database: { ...services.database, read: () => Promise.reject(new Error('down')) },
      };
      Object.assign(instance, {
        services: () => ({ ...failing, log: { ...services.log, error: () => undefined } }),
      });
    });
    await runDurableObjectAlarm(inboxObject(ben));
    expect(phone.framesOf('ring.stopped')).toEqual([]);
    await evict(ben);
    await runAlarmLater(ben, 25_000);
    expect(await phone.waitForFrame('ring.stopped')).toMatchObject({ reason: 'missed' });
  });
});

describe('presence', () => {
  it('is followed, set and shown by frames, and goes offline with the last device', async () => {
    const ann = await createSignedInPerson();
    const ben = await createSignedInPerson(ann.organizationId);
    const [annsPhone, bensPhone] = [await connect(ann), await connect(ben)];
    await provideServices(ann);
    await provideServices(ben);
    expect(await annsPhone.sendAndWait({ type: 'presence.subscribe', userIds: [ben.userId] })).toMatchObject({
      type: 'ack',
    });
    expect((await annsPhone.waitForFrame('presence.list')).people).toEqual([
      { userId: ben.userId, status: 'online', message: null },
    ]);
    expect(
      await bensPhone.sendAndWait({ type: 'presence.set', status: 'dnd', message: 'Workshop' }),
    ).toMatchObject({
      type: 'ack',
    });
    await runAlarmLater(ben, 0);
    expect((await annsPhone.waitForFrame('presence.changed')).presence).toMatchObject({
      status: 'dnd',
      message: 'Workshop',
    });
    await evict(ann);
    await evict(ben);
    bensPhone.close();
    await bensPhone.waitForClose();
    await runAlarmLater(ben, 11_000);
    expect(
      (await annsPhone.waitForFrame('presence.changed', ({ presence }) => presence.status === 'offline'))
        .presence,
    ).toMatchObject({
      status: 'offline',
      message: null,
    });
  });

  it('goes offline for followers when a device is lost, although it never answers the close', async () => {
    const ann = await createSignedInPerson();
    const ben = await createSignedInPerson(ann.organizationId);
    const [annsPhone] = [await connect(ann), await connect(ben)];
    await provideServices(ann);
    await annsPhone.sendAndWait({ type: 'presence.subscribe', userIds: [ben.userId] });
    await provideServices(ben);
    await runInDurableObject(inboxObject(ben), (instance) => {
      // Without a network there is no answer to the close.
      Object.assign(instance as object, { webSocketClose: () => undefined });
    });
    await runAlarmLater(ben, 150_001);
    await runAlarmLater(ben, 160_002);
    expect((await annsPhone.waitForFrame('presence.changed')).presence).toMatchObject({ status: 'offline' });
  });

  it('is shown again when the inbox was evicted while showing it', async () => {
    const ann = await createSignedInPerson();
    const ben = await createSignedInPerson(ann.organizationId);
    const [annsPhone, bensPhone] = [await connect(ann), await connect(ben)];
    await provideServices(ann);
    await annsPhone.sendAndWait({ type: 'presence.subscribe', userIds: [ben.userId] });
    await provideServices(ben);
    await runAlarmLater(ben, 0);
    await bensPhone.sendAndWait({ type: 'presence.set', status: 'dnd' });
    let start = () => undefined as void;
    const started = new Promise<void>((resolve) => (start = resolve));
    await runInDurableObject(inboxObject(ben), (instance) => {
      const read = () => {
        start();
        return new Promise(() => undefined);
      };
      const hanging = { ...services, database: { ...services.database, read } };
      Object.assign(instance, { services: () => hanging });
      void (instance as unknown as { alarm(): Promise<void> }).alarm();
      return started;
    });
    await evict(ben);
    await runAlarmLater(ben, 15_001);
    expect((await annsPhone.waitForFrame('presence.changed')).presence).toMatchObject({ status: 'dnd' });
  });

  it('leaves out people of other organizations', async () => {
    const [ann, elsewhere] = [await createSignedInPerson(), await createSignedInPerson()];
    const phone = await connect(ann);
    await provideServices(ann);
    await phone.sendAndWait({ type: 'presence.subscribe', userIds: [elsewhere.userId] });
    expect((await phone.waitForFrame('presence.list')).people).toEqual([]);
  });
});

describe('a revoked session', () => {
  it('loses its sockets within five minutes, after a hibernation as well; other sessions keep theirs', async () => {
    const ann = await createSignedInPerson();
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
    await setLastReceived(ann, 300_000);
    await runAlarmLater(ann, 300_001);
    expect(await going.waitForClose()).toBe(4401);
    await push(ann, 1);
    await staying.waitForFrame('notification');
  });
});

it('a notification is shown once on each device, seen on all when seen on one, and stored for those away', async () => {
  const claims = await createSignedInPerson();
  const [phone, laptop] = [await connect(claims), await connect(claims)];
  const tablet = await connect(claims);
  tablet.close();
  await tablet.waitForClose();
  await push(claims, 1);
  await evict(claims);
  await push(claims, 1);
  for (const device of [phone, laptop])
    expect(await device.waitForFrame('notification')).toMatchObject({
      seq: 1,
      notification: createNote(1).notification,
    });
  expect(await phone.sendAndWait({ type: 'ack', seq: 1 })).toMatchObject({ type: 'ack' });
  expect(await laptop.waitForFrame('seen')).toEqual({ type: 'seen', seq: 1 });
  await evict(claims);
  const back = await connect(claims, tablet.framesOf('welcome')[0]!.cursor);
  expect(await back.waitForFrame('resumed')).toMatchObject({ from: 1, to: 1, seenSeq: 1 });
  await Promise.all([phone, laptop, back].map((device) => device.waitForDelivery()));
  expect([phone, laptop, back].map(({ noteNumbers }) => noteNumbers)).toEqual([[1], [1], [1]]);
});
