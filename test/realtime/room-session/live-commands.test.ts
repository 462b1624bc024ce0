import { beforeEach, expect, it } from 'vitest';
import { realtimeErrors } from '../../../src/realtime/protocol/index.ts';
import { MemoryRoom } from '../../support/memory-room.ts';
import type { MemorySocket } from '../../support/memory-socket.ts';
import { sendForAnswer, createFrameId, sendChat, applyCommand } from '../../support/room-helpers.ts';

let room: MemoryRoom;
let ada: MemorySocket;
let bob: MemorySocket;

beforeEach(() => {
  room = new MemoryRoom();
  ada = room.join('ext_ada', { role: 'host' });
  bob = room.join('ext_bob');
});

const LOBBY_ENTRY_ID = 'lob_01jd3v7q8gf4kr2x6a0w9mznpe';
const entry = {
  lobbyEntryId: LOBBY_ENTRY_ID,
  identity: 'gst_eve',
  name: 'Eve',
  requestedAt: '2026-01-05T09:30:00.000Z',
};
const codeOf = (open: () => unknown): string => {
  try {
    open();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'opened';
};
const remove = (identity: string, rest: object = {}) =>
  applyCommand(room, { type: 'participant.removed', identity, reason: 'noise', by: 'ext_ada', ...rest });
const roleOf = (identity: string) =>
  room.core.roster().people.find((person) => person.identity === identity)?.role;

it.each([false, true])('a role applies from the next frame on (evicted before: %s)', (evicted) => {
  const hint = { type: 'media.hint', hint: { microphone: true } };
  expect(sendForAnswer(room, bob, hint)).toMatchObject({ type: 'ack' });
  applyCommand(room, { type: 'participant.role', identity: 'ext_bob', role: 'viewer', by: 'ext_ada' });
  if (evicted) room.evict();
  expect(sendForAnswer(room, bob, hint)).toMatchObject({ code: 'realtime.not_allowed' });
  expect(ada.framesOf('participant.role')).toMatchObject([
    { identity: 'ext_bob', role: 'viewer', by: 'ext_ada' },
  ]);
  expect(bob.framesOf('you')).toMatchObject([{ you: { role: 'viewer' } }]);
});

it('a commanded role overrides older tickets, but not newer ones', () => {
  applyCommand(room, { type: 'participant.role', identity: 'ext_bob', role: 'viewer' });
  room.disconnect(bob);
  room.join('ext_bob', { role: 'participant', issuedAtMs: room.nowMs - 60_000 });
  expect(roleOf('ext_bob')).toBe('viewer');
  room.nowMs += 60_000;
  room.join('ext_bob', { role: 'moderator' });
  expect(roleOf('ext_bob')).toBe('moderator');
});

it('a role can be set before the person connects', () => {
  applyCommand(room, { type: 'participant.role', identity: 'ext_cyd', role: 'moderator' });
  room.evict();
  room.join('ext_cyd', { role: 'viewer' });
  expect(roleOf('ext_cyd')).toBe('moderator');
});

it.each([false, true])(
  'a removal closes all sockets of the person at once (evicted before: %s)',
  (evicted) => {
    const phone = room.join('ext_bob');
    if (evicted) room.evict();
    remove('ext_bob');
    expect([bob.closeCode, phone.closeCode]).toEqual([4403, 4403]);
    expect(ada.framesOf('participant.removed')).toMatchObject([{ identity: 'ext_bob', by: 'ext_ada' }]);
    expect(roleOf('ext_bob')).toBeUndefined();
    sendChat(room, bob, 'still here?');
    expect(ada.framesOf('chat.message')).toEqual([]);
  },
);

it('tickets from before a removal open no socket, even after an eviction; later ones and those of others do', () => {
  const issuedAtMs = room.nowMs;
  remove('ext_bob');
  room.evict();
  expect(codeOf(() => room.open('ext_bob', { issuedAtMs }))).toBe(realtimeErrors.removed.definition.code);
  expect(codeOf(() => room.open('ext_cyd', { issuedAtMs }))).toBe('opened');
  room.nowMs += 6_000;
  expect(codeOf(() => room.open('ext_bob'))).toBe('opened');
});

it('tickets from before the end of the room open no socket, to the millisecond, because it may be open again within the second', () => {
  const atMs = room.nowMs + 500;
  applyCommand(room, { type: 'room.ended', reason: 'closed', atMs });
  const open = (issuedAtMs: number) => codeOf(() => room.open('ext_bob', { issuedAtMs }));
  expect(open(atMs)).toBe(realtimeErrors.roomEnded.definition.code);
  expect(open(atMs + 1)).toBe('opened');
});

it('after a readmission older tickets open sockets again', () => {
  const issuedAtMs = room.nowMs;
  remove('ext_bob');
  room.nowMs += 1_000;
  applyCommand(room, { type: 'participant.readmitted', identity: 'ext_bob' });
  expect(codeOf(() => room.open('ext_bob', { issuedAtMs }))).toBe('opened');
});

it('a repeated command is applied once, and an earlier decision does not undo a later one', () => {
  const first = { key: createFrameId(), atMs: room.nowMs, type: 'room.locked', locked: true };
  const second = { key: createFrameId(), atMs: room.nowMs + 5, type: 'room.locked', locked: false };
  applyCommand(room, first);
  applyCommand(room, second);
  room.evict();
  applyCommand(room, first);
  applyCommand(room, second);
  applyCommand(room, { ...first, key: createFrameId() });
  expect(bob.framesOf('room.locked').map(({ locked }) => locked)).toEqual([true, false]);
  expect(room.core.roster().locked).toBe(false);
});

it('of decisions that arrive in the wrong order the later one wins', () => {
  applyCommand(room, {
    type: 'participant.role',
    identity: 'ext_bob',
    role: 'moderator',
    atMs: room.nowMs + 9,
  });
  applyCommand(room, { type: 'participant.role', identity: 'ext_bob', role: 'viewer', atMs: room.nowMs + 4 });
  expect(roleOf('ext_bob')).toBe('moderator');
});

it('ending the room closes all sockets, and only tickets issued afterwards open new ones', () => {
  const waiting = room.join('gst_eve', { lobbyEntryId: LOBBY_ENTRY_ID });
  const issuedAtMs = room.nowMs;
  applyCommand(room, { type: 'room.ended', reason: 'over', by: 'ext_ada' });
  expect([ada.closeCode, bob.closeCode, waiting.closeCode]).toEqual([4410, 4410, 4410]);
  expect(bob.framesOf('room.ended')).toMatchObject([{ reason: 'over' }]);
  expect(room.core.roster().people).toEqual([]);
  expect(codeOf(() => room.open('ext_bob', { issuedAtMs }))).toBe(realtimeErrors.roomEnded.definition.code);
  room.nowMs += 1_000;
  expect(codeOf(() => room.open('ext_bob'))).toBe('opened');
});

it('a socket in the lobby receives nothing but the decision about its person', () => {
  const eve = room.join('gst_eve', { lobbyEntryId: LOBBY_ENTRY_ID });
  const dan = room.join('gst_dan', { lobbyEntryId: 'lob_01jd3v7q8gf4kr2x6a0w9mzaaa' });
  applyCommand(room, { type: 'lobby.waiting', entry });
  sendChat(room, ada, 'a secret');
  applyCommand(room, { type: 'notice', level: 'info', code: 'x.y', text: 'to all', to: null });
  expect(sendChat(room, eve, 'let me in')).toMatchObject({ code: 'realtime.not_allowed' });
  expect(sendForAnswer(room, eve, { type: 'hand.raise' })).toMatchObject({ code: 'realtime.not_allowed' });
  expect(room.core.roster().people.map(({ identity }) => identity)).toEqual(['ext_ada', 'ext_bob']);
  applyCommand(room, {
    type: 'lobby.decided',
    lobbyEntryId: LOBBY_ENTRY_ID,
    identity: 'gst_eve',
    decision: 'admitted',
  });
  expect(eve.frames.map(({ type }) => type)).toEqual(['waiting', 'error', 'error', 'lobby.decided']);
  expect(eve.closeCode).toBe(4440);
  expect(dan.frames.map(({ type }) => type)).toEqual(['waiting']);
});

it('moderators see the people who wait, in their welcome and as they arrive; others do not', () => {
  applyCommand(room, { type: 'lobby.waiting', entry });
  expect(ada.framesOf('lobby.waiting')).toEqual([{ type: 'lobby.waiting', entry }]);
  expect(bob.framesOf('lobby.waiting')).toEqual([]);
  room.evict();
  const dan = room.join('ext_dan', { role: 'moderator' });
  const cyd = room.join('ext_cyd');
  expect(dan.framesOf('welcome')[0]!.lobby).toEqual([entry]);
  expect(cyd.framesOf('welcome')[0]!.lobby).toBeNull();
  applyCommand(room, { type: 'participant.role', identity: 'ext_bob', role: 'moderator' });
  expect(bob.framesOf('you')[0]!.lobby).toEqual([entry]);
  applyCommand(room, {
    type: 'lobby.decided',
    lobbyEntryId: LOBBY_ENTRY_ID,
    identity: 'gst_eve',
    decision: 'denied',
  });
  expect(bob.framesOf('lobby.decided')).toMatchObject([{ decision: 'denied' }]);
  expect(room.join('ext_eli', { role: 'host' }).framesOf('welcome')[0]!.lobby).toEqual([]);
});

it('a decision that was made without an open socket is sent when the person reconnects', () => {
  applyCommand(room, {
    type: 'lobby.decided',
    lobbyEntryId: LOBBY_ENTRY_ID,
    identity: 'gst_eve',
    decision: 'denied',
  });
  const eve = room.join('gst_eve', { lobbyEntryId: LOBBY_ENTRY_ID });
  expect(eve.framesOf('waiting')).toMatchObject([{ entry: LOBBY_ENTRY_ID, decision: 'denied' }]);
  expect(eve.closeCode).toBe(4440);
});

it('frames for some people reach only those', () => {
  const phone = room.join('ext_bob');
  applyCommand(room, { type: 'data', topic: 'cue', payload: { slide: 3 }, to: ['ext_bob'] });
  applyCommand(room, { type: 'media.muted', identity: 'ext_bob', trackSid: null, by: 'ext_ada' });
  applyCommand(room, {
    type: 'participant.moved',
    identity: 'ext_bob',
    toRoomId: 'room_01jd3v7q8gf4kr2x6a0w9mzaaa',
    ticket: 'ticket',
  });
  const types = ['data', 'media.muted', 'participant.moved'];
  for (const line of [bob, phone])
    expect(line.frames.map(({ type }) => type).filter((type) => types.includes(type))).toEqual(types);
  expect(ada.frames.filter(({ type }) => types.includes(type))).toEqual([]);
});

it('hands are lowered for one or for all, and when their person leaves', async () => {
  for (const line of [ada, bob]) sendForAnswer(room, line, { type: 'hand.raise' });
  applyCommand(room, { type: 'hands.lower', identity: 'ext_bob', by: 'ext_ada' });
  expect(room.core.roster().people.map(({ handRaisedAt }) => handRaisedAt !== null)).toEqual([true, false]);
  applyCommand(room, { type: 'hands.lower', identity: null, by: 'ext_ada' });
  applyCommand(room, { type: 'hands.lower', identity: null, by: 'ext_ada' });
  expect(bob.framesOf('hand.lowered').map(({ identity }) => identity)).toEqual(['ext_bob', null]);
  sendForAnswer(room, bob, { type: 'hand.raise' });
  room.disconnect(bob);
  await room.passSeconds(11);
  expect(room.join('ext_bob').framesOf('welcome')[0]!.roster[1]).toMatchObject({ handRaisedAt: null });
});

it('an observer is hidden, also from the moment of becoming one, and shown after changing to another role', () => {
  room.join('ext_spy', { role: 'observer' });
  expect(bob.framesOf('presence.joined')).toEqual([]);
  expect(room.join('ext_cyd').framesOf('welcome')[0]!.roster).toHaveLength(3);
  applyCommand(room, { type: 'participant.role', identity: 'ext_spy', role: 'participant' });
  applyCommand(room, { type: 'participant.role', identity: 'ext_ada', role: 'observer' });
  expect(bob.framesOf('presence.joined').map(({ person }) => person.identity)).toEqual([
    'ext_cyd',
    'ext_spy',
  ]);
  expect(bob.framesOf('presence.left')).toMatchObject([{ identity: 'ext_ada' }]);
  expect(room.core.roster().people.map(({ identity }) => identity)).toContain('ext_ada');
});

it('the newest call is the current one, in whatever order the commands arrive', () => {
  const [first, second] = ['call_01jd3v7q8gf4kr2x6a0w9mzaaa', 'call_01jd3v7q8gf4kr2x6a0w9mzbbb'];
  const started = (callId: string, startedAt: string) =>
    applyCommand(room, { type: 'call.started', callId, startedAt });
  started(second, '2026-01-05T10:00:00.000Z');
  applyCommand(room, { type: 'spotlight', identity: 'ext_bob' });
  started(first, '2026-01-05T09:00:00.000Z');
  applyCommand(room, { type: 'call.ended', callId: first, endedAt: '2026-01-05T09:30:00.000Z' });
  expect(room.join('ext_cyd').framesOf('welcome')[0]!.state).toMatchObject({
    call: { callId: second },
    spotlight: 'ext_bob',
  });
  applyCommand(room, { type: 'call.ended', callId: second, endedAt: '2026-01-05T11:00:00.000Z' });
  expect(room.join('ext_dan').framesOf('welcome')[0]!.state).toMatchObject({ call: null, spotlight: null });
});

it('a running recording is shown to everybody, also to those who come later, until it is over', () => {
  const recordingId = 'rec_01jd3v7q8gf4kr2x6a0w9mznpe';
  const since = '2026-01-05T09:30:00.000Z';
  const shown = { recordingId, kind: 'composite', subject: null, by: 'ext_ada', active: false, since };
  const recording = { ...shown, consent: 'notice' };
  applyCommand(room, { type: 'recording.running', recording });
  applyCommand(room, { type: 'recording.running', recording: { ...recording, active: true } });
  expect(bob.framesOf('recording.running')).toMatchObject([{ recording }, { recording: { active: true } }]);
  room.evict();
  const late = room.join('ext_cyd');
  const recordingsIn = (socket: MemorySocket) => socket.framesOf('welcome').at(-1)!.state.recordings;
  expect(recordingsIn(late)).toEqual([{ ...recording, active: true, consent: 'notice' }]);
  applyCommand(room, { type: 'recording.over', recording: { recordingId }, failed: true });
  applyCommand(room, { type: 'recording.over', recording: { recordingId }, failed: true });
  expect(late.framesOf('recording.over')).toMatchObject([{ recordingId, failed: true }]);
  expect(recordingsIn(room.join('ext_dan'))).toEqual([]);
});

it('everybody sees whether people agree to be recorded, the last answer of each, until the call is over', () => {
  const [callId, earlier] = ['call_01jd3v7q8gf4kr2x6a0w9mzbbb', 'call_01jd3v7q8gf4kr2x6a0w9mzaaa'];
  const answer = (identity: string, consent: string, ofCall = callId) =>
    applyCommand(room, { type: 'recording.consent', callId: ofCall, identity, consent });
  const shown = (identity: string) => room.join(identity).framesOf('welcome').at(-1)!.state.recordingConsents;
  applyCommand(room, { type: 'call.started', callId, startedAt: '2026-01-05T10:00:00.000Z' });
  answer('ext_ada', 'given');
  answer('ext_bob', 'given');
  answer('ext_ada', 'withdrawn');
  answer('ext_eve', 'given', earlier);
  expect(bob.framesOf('recording.consent_changed')).toHaveLength(3);
  expect(shown('ext_cyd')).toEqual([
    { identity: 'ext_bob', consent: 'given' },
    { identity: 'ext_ada', consent: 'withdrawn' },
  ]);
  applyCommand(room, { type: 'call.ended', callId, endedAt: '2026-01-05T11:00:00.000Z' });
  expect(shown('ext_dan')).toEqual([]);
});

it('the spotlight is cleared when its person leaves, and not when somebody else does', async () => {
  const cyd = room.join('ext_cyd');
  applyCommand(room, { type: 'spotlight', identity: 'ext_bob', by: 'ext_ada' });
  room.disconnect(cyd, 1000);
  expect(room.core.roster().spotlight).toBe('ext_bob');
  room.disconnect(bob);
  await room.passSeconds(5);
  expect(room.core.roster().spotlight).toBe('ext_bob');
  await room.passSeconds(6);
  expect(ada.framesOf('spotlight.changed').map(({ identity }) => identity)).toEqual(['ext_bob', null]);
  expect(room.core.roster().spotlight).toBeNull();
});

it('the spotlight is cleared when its person is removed', () => {
  applyCommand(room, { type: 'spotlight', identity: 'ext_bob', by: 'ext_ada' });
  remove('ext_bob');
  expect(ada.framesOf('spotlight.changed').map(({ identity }) => identity)).toEqual(['ext_bob', null]);
  expect(room.core.roster().spotlight).toBeNull();
});

it('a person who reconnects within ten seconds has not left; one who closed the socket has', async () => {
  room.disconnect(bob);
  await room.passSeconds(5);
  bob = room.join('ext_bob');
  await room.passSeconds(20);
  expect(ada.framesOf('presence.left')).toEqual([]);
  room.disconnect(bob, 1000);
  expect(ada.framesOf('presence.left')).toHaveLength(1);
});

it('sockets that broke during an eviction are noticed when the object wakes', async () => {
  bob.closeCode = 1006;
  room.loseSocket(bob);
  room.evict();
  sendChat(room, ada, 'anybody?');
  await room.passSeconds(11);
  expect(ada.framesOf('presence.left')).toMatchObject([{ identity: 'ext_bob' }]);
});

it('consents to a recording are shown in their own call only, however late they arrive', () => {
  const callOf = (last: string) => `call_01jd3v7q8gf4kr2x6a0w9mznp${last}`;
  const startCall = (last: string, startedAt: string) =>
    applyCommand(room, { type: 'call.started', callId: callOf(last), startedAt });
  const consent = (last: string) =>
    applyCommand(room, {
      type: 'recording.consent',
      callId: callOf(last),
      identity: 'ext_bob',
      consent: 'given',
    });
  const shown = () => room.join('ext_eve').framesOf('welcome').at(-1)?.state.recordingConsents;

  startCall('a', '2026-01-05T09:00:00.000Z');
  consent('a');
  expect(shown()).toEqual([{ identity: 'ext_bob', consent: 'given' }]);
  applyCommand(room, { type: 'call.ended', callId: callOf('a'), endedAt: '2026-01-05T09:20:00.000Z' });
  consent('a');
  expect(shown()).toEqual([]);
  startCall('b', '2026-01-05T09:30:00.000Z');
  consent('a');
  expect(shown()).toEqual([]);
  expect(ada.framesOf('recording.consent_changed')).toHaveLength(1);
});
