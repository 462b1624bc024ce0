import { beforeEach, expect, it } from 'vitest';
import { MemoryRoom } from '../../support/memory-room.ts';
import type { MemorySocket } from '../../support/memory-socket.ts';
import { applyCommand } from '../../support/room-helpers.ts';

const TO_ROOM_ID = 'room_01jd3v7q8gf4kr2x6a0w9mzaaa';
const MOVE = { toRoomId: TO_ROOM_ID, ticket: 'ticket', by: 'ext_ada' };

let room: MemoryRoom;
let ada: MemorySocket;
let bob: MemorySocket;
let issuedAtMs: number;

const moveBob = () => applyCommand(room, { type: 'participant.moved', identity: 'ext_bob', ...MOVE });
const presentIdentities = () => room.core.roster().people.map(({ identity }) => identity);

beforeEach(async () => {
  room = new MemoryRoom();
  ada = room.join('ext_ada', { role: 'host' });
  bob = room.join('ext_bob');
  issuedAtMs = room.nowMs;
  await room.passSeconds(1);
});

it.each([false, true])(
  'a person who is moved while their socket is down finds the move in the welcome (evicted: %s)',
  async (evicted) => {
    room.disconnect(bob);
    await room.passSeconds(1);
    moveBob();
    if (evicted) room.evict();
    await room.passSeconds(2);
    const back = room.join('ext_bob', { issuedAtMs });
    expect(back.framesOf('welcome')[0]).toMatchObject({ move: MOVE });
    expect(room.join('ext_eve').framesOf('welcome')[0]!.move).toBeNull();
  },
);

it('and in what a resumed socket gets', async () => {
  const { cursor } = bob.framesOf('welcome')[0]!;
  room.disconnect(bob);
  moveBob();
  await room.passSeconds(3);
  const back = room.join('ext_bob', { issuedAtMs }, cursor);
  expect(back.framesOf('resumed')[0]).toMatchObject({ move: MOVE });
});

it('a move is found for ten minutes, and not by a person who joined the room again since', async () => {
  moveBob();
  await room.passSeconds(1);
  expect(room.join('ext_bob').framesOf('welcome')[0]!.move).toBeNull();
  const cid = room.join('ext_cid', { issuedAtMs });
  applyCommand(room, { type: 'participant.moved', identity: 'ext_cid', ...MOVE });
  room.disconnect(cid);
  await room.passSeconds(601);
  expect(room.join('ext_cid', { issuedAtMs }).framesOf('welcome')[0]!.move).toBeNull();
});

it('a moved person who goes leaves at once, without the grace of ten seconds', () => {
  moveBob();
  expect(presentIdentities()).toEqual(['ext_ada', 'ext_bob']);
  room.disconnect(bob);
  expect(presentIdentities()).toEqual(['ext_ada']);
  expect(ada.framesOf('presence.left')).toMatchObject([{ identity: 'ext_bob' }]);
});

it('a person who has entered the other room is in the old one no longer, whatever sockets they have', () => {
  moveBob();
  applyCommand(room, { type: 'participant.entered', identity: 'ext_bob', toRoomId: TO_ROOM_ID });
  expect(presentIdentities()).toEqual(['ext_ada']);
  expect(ada.framesOf('presence.left')).toMatchObject([{ identity: 'ext_bob' }]);
  expect(bob.closeCode).not.toBeNull();
});

it('a person who was moved out of a room that ended learns where to go, others do not come in', async () => {
  room.disconnect(bob);
  moveBob();
  applyCommand(room, { type: 'room.ended', reason: 'closed' });
  await room.passSeconds(1);
  expect(room.join('ext_bob', { issuedAtMs }).framesOf('welcome')[0]).toMatchObject({ move: MOVE });
  expect(() => room.join('ext_ada', { issuedAtMs, role: 'host' })).toThrow(
    expect.objectContaining({ code: 'realtime.room_ended' }),
  );
});
