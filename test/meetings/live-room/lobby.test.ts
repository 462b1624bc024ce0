import { beforeEach, expect, it } from 'vitest';
import { SOCKETS_PER_ROOM } from '../../../src/meetings/live-room/index.ts';
import { createIds } from '../../../src/platform/core/index.ts';
import { MemoryRoom } from '../../support/live-room.ts';
import { tell } from './room.ts';

let room: MemoryRoom;
const ids = createIds(() => Date.parse('2026-01-05T09:30:00.000Z'));
const LOBBY_SOCKETS = 500;
const SHOWN = 500;

beforeEach(() => {
  room = new MemoryRoom();
});

const wait = () => room.join(ids.create('guest'), { lobbyEntryId: ids.create('lobbyEntry') });
const entry = () => ({
  lobbyEntryId: ids.create('lobbyEntry'),
  identity: ids.create('guest'),
  name: 'Eve',
  requestedAt: '2026-01-05T09:30:00.000Z',
});
type Entry = ReturnType<typeof entry>;
const tellWaiting = (each: Entry) => tell(room, { type: 'lobby.waiting', entry: each });
const decide = ({ lobbyEntryId, identity }: Entry) =>
  tell(room, { type: 'lobby.decided', lobbyEntryId, identity, decision: 'denied' });
const shown = () =>
  room
    .join(ids.create('user'), { role: 'host' })
    .of('welcome')[0]!
    .lobby!.map(({ lobbyEntryId }) => lobbyEntryId);

it('however many wait, there is a place for everybody who is let in', () => {
  for (let at = 0; at < LOBBY_SOCKETS; at++) wait();
  expect(wait).toThrow(expect.objectContaining({ code: 'realtime.room_full' }));
  for (let at = 0; at < SOCKETS_PER_ROOM; at++) room.join(ids.create('user'));
  expect(() => room.join(ids.create('user'))).toThrow(
    expect.objectContaining({ code: 'realtime.room_full' }),
  );
  room.evict();
  expect(wait).toThrow(expect.objectContaining({ code: 'realtime.room_full' }));
});

it('a room that is full lets people wait', () => {
  for (let at = 0; at < SOCKETS_PER_ROOM; at++) room.join(ids.create('user'));
  expect(wait().of('waiting')).toHaveLength(1);
});

it('sockets that wait and read nothing keep nobody from coming in', () => {
  const lines = Array.from({ length: 200 }, wait);
  for (const line of lines) line.bufferedAmount = 200 * 1024;
  expect(room.join(ids.create('user')).of('welcome')).toHaveLength(1);
  for (const line of lines) room.say(line, { type: 'ping' });
  expect(new Set(lines.map(({ closedWith }) => closedWith))).toEqual(new Set([4413]));
});

it('who was let in has their own sockets, whatever is left of those they waited with', () => {
  const identity = ids.create('guest');
  const lobbyEntryId = ids.create('lobbyEntry');
  for (let at = 0; at < 5; at++) room.join(identity, { lobbyEntryId });
  tell(room, { type: 'lobby.decided', lobbyEntryId, identity, decision: 'admitted' });
  expect(room.join(identity).of('welcome')).toHaveLength(1);
});

it('who was decided about takes nobody’s place among those who are shown', () => {
  const first = Array.from({ length: SHOWN }, entry);
  first.forEach(tellWaiting);
  const late = entry();
  tellWaiting(late);
  expect(shown()).not.toContain(late.lobbyEntryId);
  first.forEach(decide);
  const next = entry();
  tellWaiting(next);
  expect(shown()).toEqual([next.lobbyEntryId]);
});

it('who has not asked again takes nobody’s place, who has keeps theirs', async () => {
  const [stays, ...others] = Array.from({ length: SHOWN }, entry) as [Entry, ...Entry[]];
  [stays, ...others].forEach(tellWaiting);
  await room.pass(29 * 60);
  tellWaiting(stays);
  await room.pass(20 * 60);
  const next = entry();
  tellWaiting(next);
  expect(shown()).toEqual([stays.lobbyEntryId, next.lobbyEntryId]);
});

it('a decision stands against being told of waiting again', () => {
  const each = entry();
  decide(each);
  tellWaiting(each);
  expect(shown()).toEqual([]);
});
