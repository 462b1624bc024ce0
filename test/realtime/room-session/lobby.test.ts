import { beforeEach, expect, it } from 'vitest';
import { SOCKETS_PER_ROOM } from '../../../src/realtime/room-session/index.ts';
import { createIds } from '../../../src/kernel/core/index.ts';
import { MemoryRoom } from '../../support/memory-room.ts';
import { applyCommand } from '../../support/room-helpers.ts';

let room: MemoryRoom;
const ids = createIds(() => Date.parse('2026-01-05T09:30:00.000Z'));
const LOBBY_SOCKETS = 500;
const SHOWN = 500;

beforeEach(() => {
  room = new MemoryRoom();
});

const joinLobby = () => room.join(ids.create('guest'), { lobbyEntryId: ids.create('lobbyEntry') });
const createEntry = () => ({
  lobbyEntryId: ids.create('lobbyEntry'),
  identity: ids.create('guest'),
  name: 'Eve',
  requestedAt: '2026-01-05T09:30:00.000Z',
});
type Entry = ReturnType<typeof createEntry>;
const applyWaiting = (each: Entry) => applyCommand(room, { type: 'lobby.waiting', entry: each });
const applyDecision = ({ lobbyEntryId, identity }: Entry) =>
  applyCommand(room, { type: 'lobby.decided', lobbyEntryId, identity, decision: 'denied' });
const listShownEntryIds = () =>
  room
    .join(ids.create('user'), { role: 'host' })
    .framesOf('welcome')[0]!
    .lobby!.map(({ lobbyEntryId }) => lobbyEntryId);

it('people in the lobby do not use up the sockets of the room', () => {
  for (let at = 0; at < LOBBY_SOCKETS; at++) joinLobby();
  expect(joinLobby).toThrow(expect.objectContaining({ code: 'realtime.room_full' }));
  for (let at = 0; at < SOCKETS_PER_ROOM; at++) room.join(ids.create('user'));
  expect(() => room.join(ids.create('user'))).toThrow(
    expect.objectContaining({ code: 'realtime.room_full' }),
  );
  room.evict();
  expect(joinLobby).toThrow(expect.objectContaining({ code: 'realtime.room_full' }));
});

it('a full room accepts people in its lobby', () => {
  for (let at = 0; at < SOCKETS_PER_ROOM; at++) room.join(ids.create('user'));
  expect(joinLobby().framesOf('waiting')).toHaveLength(1);
});

it('sockets in the lobby that read nothing do not prevent others from joining', () => {
  const lines = Array.from({ length: 200 }, joinLobby);
  for (const line of lines) line.bufferedAmount = 200 * 1024;
  expect(room.join(ids.create('user')).framesOf('welcome')).toHaveLength(1);
  for (const line of lines) room.send(line, { type: 'ping' });
  expect(new Set(lines.map(({ closeCode }) => closeCode))).toEqual(new Set([4413]));
});

it('an admitted person has five sockets in addition to those still open in the lobby', () => {
  const identity = ids.create('guest');
  const lobbyEntryId = ids.create('lobbyEntry');
  for (let at = 0; at < 5; at++) room.join(identity, { lobbyEntryId });
  applyCommand(room, { type: 'lobby.decided', lobbyEntryId, identity, decision: 'admitted' });
  expect(room.join(identity).framesOf('welcome')).toHaveLength(1);
});

it('decided entries do not count towards the people who are shown', () => {
  const first = Array.from({ length: SHOWN }, createEntry);
  first.forEach(applyWaiting);
  const late = createEntry();
  applyWaiting(late);
  expect(listShownEntryIds()).not.toContain(late.lobbyEntryId);
  first.forEach(applyDecision);
  const next = createEntry();
  applyWaiting(next);
  expect(listShownEntryIds()).toEqual([next.lobbyEntryId]);
});

it('expired entries do not count towards the people who are shown, renewed ones do', async () => {
  const [stays, ...others] = Array.from({ length: SHOWN }, createEntry) as [Entry, ...Entry[]];
  [stays, ...others].forEach(applyWaiting);
  await room.passSeconds(29 * 60);
  applyWaiting(stays);
  await room.passSeconds(20 * 60);
  const next = createEntry();
  applyWaiting(next);
  expect(listShownEntryIds()).toEqual([stays.lobbyEntryId, next.lobbyEntryId]);
});

it('a decision is not undone by a repeated waiting command', () => {
  const each = createEntry();
  applyDecision(each);
  applyWaiting(each);
  expect(listShownEntryIds()).toEqual([]);
});

it('a decision that comes between the opening of a socket and its hello is in the answer to the hello', () => {
  const each = createEntry();
  const { lobbyEntryId, identity } = each;
  applyWaiting(each);
  const socket = room.open(identity, { lobbyEntryId });
  applyDecision(each);
  expect(socket.closeCode).toBeUndefined();
  room.send(socket, { type: 'hello', cursor: null });
  expect(socket.framesOf('waiting')).toMatchObject([{ entry: lobbyEntryId, decision: 'denied' }]);
  expect(socket.closeCode).toBe(4440);
});
