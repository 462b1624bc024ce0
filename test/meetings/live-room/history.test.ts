import { beforeEach, expect, it } from 'vitest';
import { HISTORY } from '../../../src/meetings/live-room/index.ts';
import { type MemoryLine, MemoryRoom } from '../../support/live-room.ts';
import { RoomClient } from '../../support/room-client.ts';
import { frameId, send, tell } from './room.ts';

let room: MemoryRoom;
let ada: MemoryLine;
let bob: MemoryLine;

/** A client of what a line has received so far. */
function follow(line: MemoryLine, client = new RoomClient()): RoomClient {
  for (const text of line.received) client.take(text);
  return client;
}

const say = (count: number, text = 'a line') => {
  for (let i = 0; i < count; i++) {
    room.nowMs += 100;
    send(room, ada, `${text} ${i}`);
  }
};

/** Goes away, lets something happen, comes back with the cursor. */
async function away(
  happen: () => unknown,
): Promise<{ line: MemoryLine; client: RoomClient; before: number }> {
  const client = follow(bob);
  const before = client.cursor!.seq;
  room.drop(bob);
  await happen();
  const line = room.join('ext_bob', {}, client.cursor);
  return { line, client: follow(line, client), before };
}

beforeEach(() => {
  room = new MemoryRoom();
  ada = room.join('ext_ada');
  bob = room.join('ext_bob');
});

const expectContinuous = ({ client, before }: { client: RoomClient; before: number }) => {
  expect(client.broken).toEqual([]);
  const [gap] = client.gaps;
  const from = gap ? gap.to + 1 : before + 1;
  const seen = client.events.filter(({ seq }) => seq > before).map(({ seq }) => seq);
  expect(seen).toEqual(seen.map((_seq, i) => from + i));
  expect(seen.at(-1)).toBe(client.cursor!.seq);
};

it('more events than are kept: one gap names those that are lost, the others follow', async () => {
  const back = await away(() => say(HISTORY.events + 300));
  expectContinuous(back);
  expect(back.client.gaps).toEqual([{ from: back.before + 1, to: expect.any(Number) }]);
  expect(back.line.frames()[0]).toMatchObject({ type: 'gap', reason: 'trimmed' });
  const replayed = back.line.of('chat.message').length;
  expect(replayed).toBeGreaterThanOrEqual(HISTORY.events - 10);
  expect(replayed).toBeLessThanOrEqual(HISTORY.events + 100);
});

it('more text than is kept: the same', async () => {
  const back = await away(() => say(400, 'x'.repeat(3_900)));
  expectContinuous(back);
  expect(back.client.gaps).toHaveLength(1);
  const characters = back.line.received.reduce((sum, { length }) => sum + length, 0);
  expect(characters).toBeLessThan(HISTORY.characters * 1.2);
});

it('longer away than events are kept: the same', async () => {
  const back = await away(async () => {
    say(3);
    await room.pass(25 * 3_600);
    say(2);
  });
  expectContinuous(back);
  expect(back.client.gaps).toHaveLength(1);
  expect(back.line.of('chat.message').map(({ text }) => text)).toEqual(['a line 0', 'a line 1']);
});

it('after a gap the client knows what a newcomer is told', async () => {
  const back = await away(() => {
    tell(room, { type: 'spotlight', identity: 'ext_ada' });
    say(HISTORY.events + 200);
    tell(room, { type: 'room.locked', locked: true });
  });
  expect(back.client.view()).toEqual(follow(room.join('ext_cyd', { role: 'observer' })).view());
});

it('a room that began anew says so by a gap and another epoch', () => {
  const client = follow(bob);
  const other = new MemoryRoom();
  ada = other.join('ext_ada');
  send(other, ada, 'a new beginning');
  const line = other.join('ext_bob', {}, client.cursor);
  expect(line.frames()[0]).toMatchObject({ type: 'gap', reason: 'epoch' });
  expect(line.of('welcome')[0]!.cursor.epoch).not.toBe(client.cursor!.epoch);
  expect(line.of('chat.message')).toMatchObject([{ text: 'a new beginning' }]);
});

it('a cursor from the future is answered by a gap, not believed', () => {
  const { epoch, seq } = follow(bob).cursor!;
  const line = room.join('ext_bob', {}, { epoch, seq: seq + 50 });
  expect(line.frames()[0]).toMatchObject({ type: 'gap', reason: 'ahead' });
  expect(line.of('welcome')[0]!.cursor).toEqual({ epoch, seq });
});

it('who has missed nothing is told so and nothing else', () => {
  const { epoch, seq } = follow(bob).cursor!;
  const line = room.join('ext_bob', {}, { epoch, seq });
  expect(line.frames().map(({ type }) => type)).toEqual(['resumed']);
  expect(line.of('resumed')).toMatchObject([{ from: seq + 1, to: seq }]);
});

it('the times of events rise with their places, also when many happen at once', () => {
  for (let i = 0; i < 20; i++) send(room, ada, `at once ${i}`);
  const times = bob.of('chat.message').map(({ at }) => at);
  expect(new Set(times).size).toBe(20);
  expect(times).toEqual(times.toSorted());
});

it('what is not kept passes by: no place, no replay', async () => {
  const back = await away(() => {
    room.say(ada, { type: 'typing', on: true });
    room.say(ada, { type: 'reaction', emoji: '👏' });
    room.say(ada, { type: 'media.hint', hint: { microphone: false } });
  });
  expect(back.line.frames().map(({ type }) => type)).toEqual(['resumed']);
  room.say(ada, { type: 'reaction', id: frameId(), emoji: '👏' });
  expect(back.line.frames().at(-1)).toEqual({ type: 'reaction', identity: 'ext_ada', emoji: '👏' });
  expect(ada.frames().at(-1)).toMatchObject({ type: 'ack', seq: null });
});

it('places are never given twice, also when only old chat that is still to be kept is left', async () => {
  room.outage = true;
  send(room, ada, 'old');
  for (let i = 0; i < 5; i++) tell(room, { type: 'room.locked', locked: i % 2 === 0 });
  const head = room.keeper.roster().seq;
  for (let hour = 0; hour < 30; hour++) await room.pass(3_600);
  room.evict();
  const ack = send(room, ada, 'new');
  expect(ack).toMatchObject({ type: 'ack', seq: expect.toSatisfy((seq: number) => seq > head) });
  room.outage = false;
  await room.pass(60);
  expect(room.kept).toMatchObject([{ text: 'old' }, { text: 'new' }]);
});

it('a room that nobody uses any more forgets everything, once its chat is kept', async () => {
  say(3);
  room.outage = true;
  room.drop(ada, 1000);
  room.drop(bob, 1000);
  const forgotten = async (days: number) => {
    for (let hour = 0; hour < days * 24; hour++) await room.pass(3_600);
    return room.forgotten;
  };
  expect(await forgotten(40)).toBe(0);
  room.outage = false;
  expect(await forgotten(3)).toBe(1);
  expect(room.kept).toHaveLength(3);
});

it('a room that is forgotten on purpose keeps its chat first', async () => {
  say(2);
  room.outage = true;
  expect(await room.keeper.forget()).toBe(false);
  expect(ada.closedWith).toBe(4410);
  await room.pass(3_600);
  expect(room.forgotten).toBe(0);
  room.outage = false;
  await room.pass(3_600);
  expect(room.forgotten).toBe(1);
  expect(room.kept).toHaveLength(2);
});
