import { z } from '@hono/zod-openapi';
import { beforeEach, expect, it } from 'vitest';
import { defineRoomVerb, type RoomCaller } from '../../../src/meetings/realtime/index.ts';
import { roomErrors } from '../../../src/meetings/rooms/index.ts';
import { type MemoryLine, MemoryRoom } from '../../support/live-room.ts';
import { answerTo, ask, frameId, send, tell } from './room.ts';

/** Verbs of the test's own: what they were asked, and how they answer. */
let asked: { caller: RoomCaller; fields: object }[];
let answer: () => Promise<unknown>;
const verbs = [
  defineRoomVerb({
    type: 'test.do',
    summary: 'Does something',
    fields: { what: z.string().max(10) },
    handle: async (_ctx, caller, fields) => {
      asked.push({ caller, fields });
      return answer();
    },
  }),
];

let room: MemoryRoom;
let ada: MemoryLine;

beforeEach(() => {
  asked = [];
  answer = async () => undefined;
  room = new MemoryRoom(verbs);
  ada = room.join('ext_ada', { role: 'host', participantId: 'prt_01jd3v7q8gf4kr2x6a0w9mznpe' });
});

/** @returns the answer, once it is there */
async function call(line: MemoryLine, what = 'x') {
  const id = frameId();
  ask(room, line, { type: 'test.do', id, what });
  await room.settled();
  return answerTo(line, id);
}

it('a frame of a verb is answered by the verb, for who sends it in the role they have now', async () => {
  answer = async () => ({ done: true });
  tell(room, { type: 'participant.role', identity: 'ext_ada', role: 'moderator' });
  expect(await call(ada)).toMatchObject({ type: 'ack', seq: null, result: { done: true } });
  expect(asked).toMatchObject([
    { caller: { identity: 'ext_ada', role: 'moderator', participantId: 'prt_01jd3v7q8gf4kr2x6a0w9mznpe' } },
  ]);
});

it('a refusal keeps its code; a defect says nothing of itself and is logged', async () => {
  answer = () => Promise.reject(roomErrors.notManager());
  expect(await call(ada)).toMatchObject({ type: 'error', code: 'rooms.not_manager' });
  answer = () => Promise.reject(new Error('secret'));
  const defect = await call(ada);
  expect(defect).toMatchObject({ type: 'error', code: 'server.internal' });
  expect(JSON.stringify(defect)).not.toContain('secret');
  expect(room.logged.map(({ event }) => event)).toEqual(['live_room.frame_failed']);
});

it('fields of a verb are checked as those of any frame', async () => {
  expect(await call(ada, 'much too long')).toMatchObject({ code: 'realtime.invalid_frame' });
  expect(asked).toEqual([]);
});

it('a defect in the room itself is told to who sent the frame, and the room goes on from what is stored', () => {
  send(room, ada, 'before');
  room.breakStorageOnce();
  expect(send(room, ada, 'broken')).toMatchObject({ type: 'error', code: 'server.internal' });
  expect(send(room, ada, 'after')).toMatchObject({ type: 'ack' });
  const seqs = ada.of('chat.message').map(({ seq, text }) => [seq, text]);
  expect(seqs).toEqual([
    [seqs[0]![0], 'before'],
    [(seqs[0]![0] as number) + 1, 'after'],
  ]);
});

it('other frames go on while a verb works, and at most four of one socket are under way', async () => {
  let finish = () => undefined as void;
  const gate = new Promise<void>((resolve) => {
    finish = resolve;
  });
  answer = () => gate;
  const ids = Array.from({ length: 5 }, frameId);
  for (const id of ids) ask(room, ada, { type: 'test.do', id, what: 'x' });
  expect(answerTo(ada, ids[4]!)).toMatchObject({ code: 'realtime.busy' });
  expect(send(room, ada, 'meanwhile')).toMatchObject({ type: 'ack' });
  finish();
  await room.settled();
  expect(ids.slice(0, 4).map((id) => answerTo(ada, id)?.type)).toEqual(['ack', 'ack', 'ack', 'ack']);
});

it('verbs cost more of the rate than what is decided in the room', async () => {
  const answers = [];
  for (let i = 0; i < 10; i++) answers.push(await call(ada));
  expect(answers.map((each) => each?.type)).toContain('error');
  expect(asked.length).toBeLessThan(8);
});

it('hello brings a ticket for the next socket, and so does asking for one', async () => {
  await room.settled();
  expect(ada.of('ticket')).toMatchObject([{ ticket: 'ext_ada host' }]);
  room.say(ada, { type: 'ticket.refresh', id: frameId() });
  await room.settled();
  expect(ada.of('ticket')).toHaveLength(2);
});

it('a socket that is used gets a fresh ticket before the last one ends, in the role of that moment', async () => {
  await room.settled();
  tell(room, { type: 'participant.role', identity: 'ext_ada', role: 'viewer' });
  for (let i = 0; i < 5; i++) {
    room.nowMs += 240_000;
    room.say(ada, { type: 'typing', on: true });
    await room.settled();
  }
  expect(ada.of('ticket').slice(1)).toHaveLength(2);
  expect(ada.of('ticket').at(-1)).toMatchObject({ ticket: 'ext_ada viewer' });
});

it('a chain of tickets ends after a day: then the API says who somebody is', async () => {
  await room.settled();
  room.nowMs += 86_400_000;
  const id = frameId();
  room.say(ada, { type: 'ticket.refresh', id });
  await room.settled();
  expect(answerTo(ada, id)).toMatchObject({ code: 'realtime.ticket_too_old' });
  expect(ada.of('ticket')).toHaveLength(1);
});

it('a ticket that cannot be signed is logged, and the socket goes on', async () => {
  room.outage = true;
  const bob = room.join('ext_bob');
  await room.settled();
  expect(bob.of('welcome')).toHaveLength(1);
  expect(room.logged.map(({ event }) => event)).toContain('live_room.ticket_failed');
});
