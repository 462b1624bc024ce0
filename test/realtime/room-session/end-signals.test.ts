import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryRoom } from '../../support/memory-room.ts';
import type { MemorySocket } from '../../support/memory-socket.ts';

let room: MemoryRoom;
let ada: MemorySocket;
let bob: MemorySocket;

beforeEach(() => {
  room = new MemoryRoom();
  ada = room.join('ext_ada');
  bob = room.join('ext_bob');
});

const type = (socket: MemorySocket, on = true) => room.send(socket, { type: 'typing', on });
const speak = (socket: MemorySocket, speaking = true) =>
  room.send(socket, { type: 'media.hint', hint: { speaking } });
const caption = (socket: MemorySocket, segmentId: string, version: number, final = false) =>
  room.send(socket, {
    type: 'caption',
    segmentId,
    version,
    speaker: 'ext_ada',
    language: 'en',
    text: 'Hi',
    final,
  });
const typingSeen = () => bob.framesOf('typing').map(({ on }) => on);
const speakingSeen = () => bob.framesOf('media.hint').map(({ hint }) => hint.speaking);
const droppedSeen = () => bob.framesOf('caption.dropped').map(({ segmentId }) => segmentId);

describe.each([
  { what: 'typing', give: type, seen: typingSeen, seconds: 10 },
  { what: 'speaking', give: speak, seen: speakingSeen, seconds: 60 },
])('$what', ({ give, seen, seconds }) => {
  it.each([false, true])(
    'that is not repeated ends after its lifetime (evicted meanwhile: %s)',
    async (evicted) => {
      give(ada);
      if (evicted) room.evict();
      await room.passSeconds(seconds - 1);
      expect(seen()).toEqual([true]);
      await room.passSeconds(1);
      expect(seen()).toEqual([true, false]);
      await room.passSeconds(3 * seconds);
      expect(seen()).toEqual([true, false]);
    },
  );

  it('that is repeated lasts', async () => {
    for (let repeats = 0; repeats < 3; repeats++) {
      give(ada);
      await room.passSeconds(seconds - 1);
    }
    expect(seen()).toEqual([true, true, true]);
    await room.passSeconds(1);
    expect(seen()).toEqual([true, true, true, false]);
  });

  it('is taken back when the socket breaks, evicted before or not, once', async () => {
    for (const evicted of [false, true]) {
      const socket = room.join(`ext_cyd-${evicted}`);
      give(socket);
      if (evicted) room.evict();
      room.disconnect(socket);
    }
    expect(seen()).toEqual([true, false, true, false]);
    await room.passSeconds(2 * seconds);
    expect(seen()).toEqual([true, false, true, false]);
  });

  it('stays while another socket of the same person gives it', () => {
    const phone = room.join('ext_ada');
    give(ada);
    give(phone);
    room.disconnect(phone);
    expect(seen()).toEqual([true, true]);
    room.disconnect(ada);
    expect(seen()).toEqual([true, true, false]);
  });

  it('that was taken back by its sender ends once', async () => {
    give(ada);
    give(ada, false);
    room.disconnect(ada);
    await room.passSeconds(2 * seconds);
    expect(seen()).toEqual([true, false]);
  });
});

describe('an unfinished caption', () => {
  let agent: MemorySocket;
  beforeEach(() => {
    agent = room.join('agt_scribe', { role: 'agent', kind: 'agent' });
  });

  it('is dropped when no other version follows in 30 seconds; a finished one is not', async () => {
    caption(agent, 'one', 1);
    caption(agent, 'two', 1);
    caption(agent, 'two', 2, true);
    await room.passSeconds(29);
    expect(droppedSeen()).toEqual([]);
    await room.passSeconds(1);
    expect(droppedSeen()).toEqual(['one']);
  });

  it('is dropped when its sender breaks off, and continues with a later version', () => {
    caption(agent, 'one', 1);
    room.disconnect(agent);
    expect(droppedSeen()).toEqual(['one']);
    const again = room.join('agt_scribe', { role: 'agent', kind: 'agent' });
    caption(again, 'one', 2);
    expect(bob.framesOf('caption.partial').map(({ version }) => version)).toEqual([1, 2]);
  });

  it('makes place for newer ones beyond ten of a socket', () => {
    for (let segment = 0; segment < 12; segment++) caption(agent, `s${segment}`, 1);
    expect(droppedSeen()).toEqual(['s0', 's1']);
    room.disconnect(agent);
    expect(droppedSeen()).toHaveLength(12);
  });
});

it('a raised hand outlives a reconnect and ends with the person who left', async () => {
  room.send(ada, { type: 'hand.raise', id: 'raise-0001' });
  room.disconnect(ada);
  await room.passSeconds(9);
  ada = room.join('ext_ada');
  const handOf = (socket: MemorySocket) =>
    socket.framesOf('welcome')[0]!.roster.find(({ identity }) => identity === 'ext_ada')?.handRaisedAt;
  expect(handOf(room.join('ext_late'))).toEqual(expect.any(String));
  room.disconnect(ada);
  await room.passSeconds(10);
  room.join('ext_ada');
  expect(handOf(room.join('ext_later'))).toBeNull();
});

it('a welcome shows nobody typing, speaking or being transcribed', () => {
  type(ada);
  speak(ada);
  const late = room.join('ext_late');
  expect(
    late.frames.filter((frame) => ['typing', 'media.hint', 'caption.partial'].includes(frame.type)),
  ).toEqual([]);
});
