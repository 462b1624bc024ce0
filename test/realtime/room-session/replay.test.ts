import { beforeEach, expect, it } from 'vitest';
import { REPLAY_LIMITS } from '../../../src/realtime/room-store/index.ts';
import { MemoryRoom } from '../../support/memory-room.ts';
import type { MemorySocket } from '../../support/memory-socket.ts';
import { RoomReplica } from '../../support/room-replica.ts';
import { createFrameId, sendChat, applyCommand } from '../../support/room-helpers.ts';

let room: MemoryRoom;
let ada: MemorySocket;
let bob: MemorySocket;

/** A client with the frames that a connection has received so far. */
function createClientOf(socket: MemorySocket, client = new RoomReplica()): RoomReplica {
  for (const text of socket.texts) client.receive(text);
  return client;
}

const sendMessages = (count: number, text = 'a line') => {
  for (let i = 0; i < count; i++) {
    room.nowMs += 100;
    sendChat(room, ada, `${text} ${i}`);
  }
};

/** Disconnects, runs `act`, and reconnects with the cursor. */
async function reconnectAfter(
  happen: () => unknown,
): Promise<{ line: MemorySocket; client: RoomReplica; before: number }> {
  const client = createClientOf(bob);
  const before = client.cursor!.seq;
  room.disconnect(bob);
  await happen();
  const line = room.join('ext_bob', {}, client.cursor);
  return { line, client: createClientOf(line, client), before };
}

beforeEach(() => {
  room = new MemoryRoom();
  ada = room.join('ext_ada');
  bob = room.join('ext_bob');
});

const expectContinuous = ({ client, before }: { client: RoomReplica; before: number }) => {
  expect(client.violations).toEqual([]);
  const [gap] = client.gaps;
  const from = gap ? gap.to + 1 : before + 1;
  const seen = client.events.filter(({ seq }) => seq > before).map(({ seq }) => seq);
  expect(seen).toEqual(seen.map((_seq, i) => from + i));
  expect(seen.at(-1)).toBe(client.cursor!.seq);
};

it('after more events than are stored, one gap names the lost ones and the others follow', async () => {
  const back = await reconnectAfter(() => sendMessages(REPLAY_LIMITS.events + 300));
  expectContinuous(back);
  expect(back.client.gaps).toEqual([{ from: back.before + 1, to: expect.any(Number) }]);
  expect(back.line.frames[0]).toMatchObject({ type: 'gap', reason: 'trimmed' });
  const replayed = back.line.framesOf('chat.message').length;
  expect(replayed).toBeGreaterThanOrEqual(REPLAY_LIMITS.events - 10);
  expect(replayed).toBeLessThanOrEqual(REPLAY_LIMITS.events + 100);
});

it('after more text than is stored, one gap names the lost events and the others follow', async () => {
  const back = await reconnectAfter(() => sendMessages(400, 'x'.repeat(3_900)));
  expectContinuous(back);
  expect(back.client.gaps).toHaveLength(1);
  const characters = back.line.texts.reduce((sum, { length }) => sum + length, 0);
  expect(characters).toBeLessThan(REPLAY_LIMITS.characters * 1.2);
});

it('after a longer absence than events are stored, one gap names the lost events and the others follow', async () => {
  const back = await reconnectAfter(async () => {
    sendMessages(3);
    await room.passSeconds(25 * 3_600);
    ada = room.join('ext_ada');
    sendMessages(2);
  });
  expectContinuous(back);
  expect(back.client.gaps).toHaveLength(1);
  expect(back.line.framesOf('chat.message').map(({ text }) => text)).toEqual(['a line 0', 'a line 1']);
});

it('after a gap the client has the same state as a new one', async () => {
  const back = await reconnectAfter(() => {
    applyCommand(room, { type: 'spotlight', identity: 'ext_ada' });
    sendMessages(REPLAY_LIMITS.events + 200);
    applyCommand(room, { type: 'room.locked', locked: true });
  });
  expect(back.client.view()).toEqual(createClientOf(room.join('ext_cyd', { role: 'observer' })).view());
});

it('a room that started again answers with a gap and another epoch', () => {
  const client = createClientOf(bob);
  const other = new MemoryRoom();
  ada = other.join('ext_ada');
  sendChat(other, ada, 'a new beginning');
  const line = other.join('ext_bob', {}, client.cursor);
  expect(line.frames[0]).toMatchObject({ type: 'gap', reason: 'epoch' });
  expect(line.framesOf('welcome')[0]!.cursor.epoch).not.toBe(client.cursor!.epoch);
  expect(line.framesOf('chat.message')).toMatchObject([{ text: 'a new beginning' }]);
});

it('a cursor beyond the last event is answered with a gap', () => {
  const { epoch, seq } = createClientOf(bob).cursor!;
  const line = room.join('ext_bob', {}, { epoch, seq: seq + 50 });
  expect(line.frames[0]).toMatchObject({ type: 'gap', reason: 'ahead' });
  expect(line.framesOf('welcome')[0]!.cursor).toEqual({ epoch, seq });
});

it('a client that missed nothing receives an empty replay', () => {
  const { epoch, seq } = createClientOf(bob).cursor!;
  const line = room.join('ext_bob', {}, { epoch, seq });
  expect(line.frames.map(({ type }) => type)).toEqual(['resumed']);
  expect(line.framesOf('resumed')).toMatchObject([{ from: seq + 1, to: seq }]);
});

it('the times of events rise with their numbers, even when many happen at the same time', () => {
  for (let i = 0; i < 20; i++) sendChat(room, ada, `at once ${i}`);
  const times = bob.framesOf('chat.message').map(({ at }) => at);
  expect(new Set(times).size).toBe(20);
  expect(times).toEqual(times.toSorted());
});

it('transient frames have no number and are not replayed', async () => {
  const back = await reconnectAfter(() => {
    room.send(ada, { type: 'typing', on: true });
    room.send(ada, { type: 'reaction', emoji: '👏' });
    room.send(ada, { type: 'media.hint', hint: { microphone: false } });
  });
  expect(back.line.frames.map(({ type }) => type)).toEqual(['resumed']);
  room.send(ada, { type: 'reaction', id: createFrameId(), emoji: '👏' });
  expect(back.line.frames.at(-1)).toEqual({ type: 'reaction', identity: 'ext_ada', emoji: '👏' });
  expect(ada.frames.at(-1)).toMatchObject({ type: 'ack', seq: null });
});

it('numbers are never given twice, even when only unpersisted chat is left in the log', async () => {
  room.outage = true;
  sendChat(room, ada, 'old');
  for (let i = 0; i < 5; i++) applyCommand(room, { type: 'room.locked', locked: i % 2 === 0 });
  const head = room.core.roster().seq;
  for (let hour = 0; hour < 30; hour++) await room.passSeconds(3_600);
  room.evict();
  ada = room.join('ext_ada');
  const ack = sendChat(room, ada, 'new');
  expect(ack).toMatchObject({ type: 'ack', seq: expect.toSatisfy((seq: number) => seq > head) });
  room.outage = false;
  await room.passSeconds(60);
  expect(room.storedChat).toMatchObject([{ text: 'old' }, { text: 'new' }]);
});

it('an unused room is deleted once its chat is persisted', async () => {
  sendMessages(3);
  room.outage = true;
  room.disconnect(ada, 1000);
  room.disconnect(bob, 1000);
  const forgotten = async (days: number) => {
    for (let hour = 0; hour < days * 24; hour++) await room.passSeconds(3_600);
    return room.timesForgotten;
  };
  expect(await forgotten(40)).toBe(0);
  room.outage = false;
  expect(await forgotten(3)).toBe(1);
  expect(room.storedChat).toHaveLength(3);
});

it('a room that is deleted on request persists its chat first', async () => {
  sendMessages(2);
  room.outage = true;
  expect(await room.core.forget()).toBe(false);
  expect(ada.closeCode).toBe(4410);
  await room.passSeconds(3_600);
  expect(room.timesForgotten).toBe(0);
  room.outage = false;
  await room.passSeconds(3_600);
  expect(room.timesForgotten).toBe(1);
  expect(room.storedChat).toHaveLength(2);
});
