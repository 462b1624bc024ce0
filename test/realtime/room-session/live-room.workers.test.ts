import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLiveRooms } from '../../../durable-objects/stubs.ts';
import { type LiveCommand, verifyRoomTicket } from '../../../src/realtime/protocol/index.ts';
import type { RoomReplica } from '../../support/room-replica.ts';
import { getServices } from '../../../workers/context.ts';
import { createWorkerEnv } from '../../support/worker-env.ts';
import {
  join,
  provideServices,
  newFrameId,
  newRoomId,
  roomObject,
  openSocket,
  type RoomClient,
  ticketFor,
} from '../../support/live-room-client.ts';

const rooms = createLiveRooms(env.ROOM);
const worker = createWorkerEnv();
provideServices(() => getServices(worker.env));

let roomId: string;
beforeEach(() => {
  roomId = newRoomId();
});

const evict = () => evictDurableObject(roomObject(roomId));
const applyCommand = (command: object, id = roomId) =>
  rooms.apply(id, [{ key: newFrameId(), atMs: Date.now(), ...command } as unknown as LiveCommand]);
const sendChat = (socket: RoomClient, text: string) => socket.sendAndWait({ type: 'chat.send', text });
const textsIn = (client: RoomReplica) =>
  client.events.flatMap((event) => (event.type === 'chat.message' ? [event.text] : []));

const MESSAGES = 6;
const indices = Array.from({ length: MESSAGES + 1 }, (_each, index) => index);
const expectedTexts = Array.from({ length: MESSAGES }, (_each, i) => `message ${i}`);

/** Ada sends several messages; `disturb` runs before the one with the index. */
async function converse(at: number, happen: (bob: RoomClient) => Promise<RoomClient>): Promise<RoomReplica> {
  const ada = await join(roomId, 'ext_ada');
  const first = await join(roomId, 'ext_bob');
  let bob = first;
  let client: RoomReplica | undefined;
  const interrupt = async () => {
    const next = await happen(bob);
    if (next !== bob) client = bob.toReplica();
    bob = next;
  };
  for (let i = 0; i < MESSAGES; i++) {
    if (i === at) await interrupt();
    await sendChat(ada, expectedTexts[i]!);
  }
  if (at === MESSAGES) await interrupt();
  const last = await sendChat(ada, 'the end');
  await bob.waitForFrame('chat.message', ({ seq }) => seq === last.seq);
  return bob.toReplica(client);
}

function expectComplete(client: RoomReplica): void {
  expect(client.violations).toEqual([]);
  expect(client.gaps).toEqual([]);
  expect(textsIn(client)).toEqual([...expectedTexts, 'the end']);
}

/** Breaks the connection and reconnects with the cursor of the last frame read. */
async function reconnect(bob: RoomClient): Promise<RoomClient> {
  bob.close(3001, 'the connection broke');
  const { cursor } = bob.toReplica();
  return join(roomId, 'ext_bob', {}, cursor);
}

describe('each message arrives once and in order', () => {
  it.each(indices)('with a disconnect before message %i', async (at) => {
    expectComplete(await converse(at, reconnect));
  });

  it.each(indices)('with an eviction before message %i', async (at) => {
    expectComplete(await converse(at, async (bob) => (await evict(), bob)));
  });

  it.each(indices)('with an eviction and a disconnect before message %i', async (at) => {
    expectComplete(
      await converse(at, async (bob) => {
        bob.close(3001, 'the connection broke');
        await evict();
        return reconnect(bob);
      }),
    );
  });

  it('with an eviction that ends all sockets', async () => {
    const ada = await join(roomId, 'ext_ada');
    const bob = await join(roomId, 'ext_bob');
    await sendChat(ada, 'before');
    await evictDurableObject(roomObject(roomId), { webSockets: 'close' });
    const again = await join(roomId, 'ext_ada', {}, ada.toReplica().cursor);
    await sendChat(again, 'after');
    const back = await join(roomId, 'ext_bob', {}, bob.toReplica().cursor);
    await back.waitForFrame('chat.message', ({ text }) => text === 'after');
    const client = back.toReplica(bob.toReplica());
    expect(client.violations).toEqual([]);
    expect(textsIn(client)).toEqual(['before', 'after']);
  });
});

describe('a command of a verb', () => {
  it.each([false, true])(
    'removes a person and closes their sockets at once (asleep before: %s)',
    async (asleep) => {
      const ada = await join(roomId, 'ext_ada');
      const sockets = [await join(roomId, 'ext_bob'), await join(roomId, 'ext_bob')];
      const old = ticketFor(roomId, 'ext_bob');
      if (asleep) await evict();
      await applyCommand({ type: 'participant.removed', identity: 'ext_bob', reason: 'noise' });
      expect(await Promise.all(sockets.map((socket) => socket.waitForClose()))).toEqual([4403, 4403]);
      await ada.waitForFrame('participant.removed');
      await evict();
      await expect(openSocket(old)).rejects.toMatchObject({ code: 'realtime.removed' });
    },
  );

  it.each([false, true])('changes a role from the next frame on (asleep before: %s)', async (asleep) => {
    const bob = await join(roomId, 'ext_bob');
    const hint = { type: 'media.hint', hint: { microphone: true } };
    expect(await bob.sendAndWait(hint)).toMatchObject({ type: 'ack' });
    if (asleep) await evict();
    await applyCommand({ type: 'participant.role', identity: 'ext_bob', role: 'viewer' });
    if (asleep) await evict();
    expect(await bob.sendAndWait(hint)).toMatchObject({ code: 'realtime.not_allowed' });
    const again = await join(roomId, 'ext_bob', { issuedAtMs: Date.now() - 60_000 });
    expect(await again.sendAndWait(hint)).toMatchObject({ code: 'realtime.not_allowed' });
  });

  it('ends the room and closes every socket, including those in the lobby', async () => {
    const sockets = [
      await join(roomId, 'ext_ada'),
      await join(roomId, 'gst_eve', { lobbyEntryId: 'lob_01jd3v7q8gf4kr2x6a0w9mznpe' }),
    ];
    await applyCommand({ type: 'room.ended', reason: 'over' });
    expect(await Promise.all(sockets.map((socket) => socket.waitForClose()))).toEqual([4410, 4410]);
  });

  it('does not affect other rooms', async () => {
    const other = newRoomId();
    const ada = await join(roomId, 'ext_ada');
    const elsewhere = await join(other, 'ext_ada');
    await applyCommand({ type: 'participant.removed', identity: 'ext_ada', reason: 'noise' }, other);
    expect(await elsewhere.waitForClose()).toBe(4403);
    await sendChat(ada, 'I am still here');
    expect(ada.closeCode).toBeUndefined();
    expect((await rooms.roster(other)).people).toEqual([]);
    expect((await rooms.roster(roomId)).people).toMatchObject([{ identity: 'ext_ada', connections: 1 }]);
  });
});

describe('a bad socket harms only itself', () => {
  const expectUnharmed = async (ada: RoomClient) => {
    expect(await sendChat(ada, 'all is well')).toMatchObject({ type: 'ack' });
    expect(ada.closeCode).toBeUndefined();
  };

  const bad: [name: string, code: number, attack: (socket: RoomClient) => void][] = [
    ['garbage', 4400, (socket) => ['{', '[]', '7', 'x', '""'].forEach((text) => socket.send(text))],
    ['bytes', 4400, (socket) => [1, 2, 3, 4, 5].forEach((n) => socket.send(new Uint8Array(n)))],
    ['an oversized frame', 1009, (socket) => socket.send('x'.repeat(70_000))],
    [
      'a flood',
      4429,
      (socket) => Array.from({ length: 300 }).forEach(() => socket.send({ type: 'typing', on: true })),
    ],
  ];

  it.each(bad)('%s', async (_name, code, attack) => {
    const ada = await join(roomId, 'ext_ada');
    const eve = await join(roomId, 'ext_eve');
    attack(eve);
    expect(await eve.waitForClose()).toBe(code);
    await expectUnharmed(ada);
    await evict();
    await expectUnharmed(ada);
  });

  it('a sixth socket of a person closes their first', async () => {
    const sockets = [];
    for (let i = 0; i < 6; i++) sockets.push(await join(roomId, 'ext_bob'));
    expect(await sockets[0]!.waitForClose()).toBe(4409);
    expect(sockets.slice(1).map(({ closeCode }) => closeCode)).toEqual(sockets.slice(1).map(() => undefined));
  });
});

it('a socket sends a ticket that opens the next one', async () => {
  const ada = await join(roomId, 'ext_ada');
  const { ticket } = await ada.waitForFrame('ticket');
  const known = await verifyRoomTicket(getServices(worker.env).signer, ticket);
  expect(known).toMatchObject({ roomId, identity: 'ext_ada', role: 'participant' });
  await openSocket(known);
});

it.each([undefined, 'auralink.v1', 'auralink.v1, ticket.x'])(
  'the answer names the subprotocol only if it was offered (%s)',
  async (offered) => {
    const headers = new Headers({ Upgrade: 'websocket' });
    if (offered) headers.set('Sec-WebSocket-Protocol', offered);
    const request = new Request('http://auralink.test/socket', { headers });
    const response = await rooms.connect(request, ticketFor(roomId, 'ext_ada'), 'EU');
    expect(response.headers.get('sec-websocket-protocol')).toBe(offered ? 'auralink.v1' : null);
    response.webSocket!.accept();
  },
);

it('a ping is answered while the room sleeps', async () => {
  const ada = await join(roomId, 'ext_ada');
  await evict();
  ada.send('{"type":"ping"}');
  await ada.waitForFrame('pong');
});

it('a room that was deleted starts again with another epoch', async () => {
  const ada = await join(roomId, 'ext_ada');
  await rooms.forget(roomId);
  expect(await ada.waitForClose()).toBe(4410);
  const again = await join(roomId, 'ext_ada', { issuedAtMs: Date.now() + 1_000 }, ada.toReplica().cursor);
  expect(again.frames[0]).toMatchObject({ type: 'gap', reason: 'epoch' });
});

it('a room whose tasks were stored in a table keeps them and sets its alarm', async () => {
  const ada = await join(roomId, 'ext_ada');
  const drainAtMs = Date.now() + 5_000; // before the typing ends
  await runInDurableObject(roomObject(roomId), (_instance, { storage }) => {
    storage.sql.exec('create table due (name text primary key, at_ms integer not null) without rowid');
    const insert = 'insert into due (name, at_ms) values (?, ?)';
    for (const [key, atMs] of storage.kv.list<number>({ prefix: 'due-at|' }))
      storage.sql.exec(insert, key.slice('due-at|'.length), atMs);
    storage.sql.exec(insert, 'drain', drainAtMs);
    for (const [key] of Array.from(storage.kv.list({ prefix: 'due' }))) storage.kv.delete(key);
  });
  await evict();
  ada.send({ type: 'typing', on: true });
  await ada.waitForFrame('typing');
  await runInDurableObject(roomObject(roomId), async (_instance, { storage }) => {
    expect(await storage.getAlarm()).toBe(drainAtMs);
    expect(storage.kv.get('due-at|drain')).toBe(drainAtMs);
    expect(storage.kv.get('due-at|sweep')).toBeGreaterThan(drainAtMs);
    expect(storage.sql.exec("select name from sqlite_master where name = 'due'").toArray()).toEqual([]);
  });
});

describe('the alarm of an idle room', () => {
  const DAY_MS = 86_400_000;
  let passedMs = 0;

  /** Moves the room's clock by so many days, and runs its alarm as often as it is due in them. */
  async function passDays(days: number): Promise<void> {
    for (let day = 0; day < days; day++) {
      passedMs += DAY_MS;
      const nowMs = passedMs;
      await runInDurableObject(roomObject(roomId), (instance) => {
        instance.clock = { now: () => Date.now() + nowMs };
      });
      await runDurableObjectAlarm(roomObject(roomId));
    }
  }

  const rowsKept = () =>
    runInDurableObject(roomObject(roomId), (_instance, { storage }) => {
      const tables = storage.sql.exec("select name from sqlite_master where name = 'things'").toArray();
      return tables.length === 0 ? 0 : storage.sql.exec('select * from things').toArray().length;
    });

  it('keeps the facts that verbs sent', async () => {
    await applyCommand({ type: 'room.locked', locked: true });
    await passDays(4);
    expect((await rooms.roster(roomId)).locked).toBe(true);
  });

  it('deletes a room that has no facts', async () => {
    await applyCommand({ type: 'room.locked', locked: true });
    await applyCommand({ type: 'room.locked', locked: false });
    expect(await rowsKept()).toBe(1);
    await passDays(4);
    expect(await rowsKept()).toBe(0);
  });
});
