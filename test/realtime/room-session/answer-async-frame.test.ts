import { z } from '@hono/zod-openapi';
import { beforeEach, expect, it } from 'vitest';
import { defineRoomVerb, type RoomCaller } from '../../../src/realtime/protocol/index.ts';
import { accessErrors } from '../../../src/rooms/access/index.ts';
import { MemoryRoom } from '../../support/memory-room.ts';
import type { MemorySocket } from '../../support/memory-socket.ts';
import {
  findAnswer,
  sendForAnswer,
  createFrameId,
  sendChat,
  applyCommand,
} from '../../support/room-helpers.ts';

/** Verbs for the tests: records their calls, and decides how they answer. */
let verbCalls: { caller: RoomCaller; fields: object }[];
let verbAnswer: () => Promise<unknown>;
const verbs = [
  defineRoomVerb({
    type: 'test.do',
    summary: 'Does something',
    fields: { what: z.string().max(10) },
    handle: async (_ctx, caller, fields) => {
      verbCalls.push({ caller, fields });
      return verbAnswer();
    },
  }),
];

let room: MemoryRoom;
let ada: MemorySocket;

beforeEach(() => {
  verbCalls = [];
  verbAnswer = async () => undefined;
  room = new MemoryRoom(verbs);
  ada = room.join('ext_ada', { role: 'host', participantId: 'prt_01jd3v7q8gf4kr2x6a0w9mznpe' });
});

/** @returns the answer, once it has arrived */
async function callTestVerb(socket: MemorySocket, what = 'x') {
  const id = createFrameId();
  sendForAnswer(room, socket, { type: 'test.do', id, what });
  await room.waitForPending();
  return findAnswer(socket, id);
}

it("a verb's frame is handled by the verb, with its sender and their present role", async () => {
  verbAnswer = async () => ({ done: true });
  applyCommand(room, { type: 'participant.role', identity: 'ext_ada', role: 'moderator' });
  expect(await callTestVerb(ada)).toMatchObject({ type: 'ack', seq: null, result: { done: true } });
  expect(verbCalls).toMatchObject([
    { caller: { identity: 'ext_ada', role: 'moderator', participantId: 'prt_01jd3v7q8gf4kr2x6a0w9mznpe' } },
  ]);
});

it('a refusal keeps its code; a defect is logged and answered as an internal error', async () => {
  verbAnswer = () => Promise.reject(accessErrors.notManager());
  expect(await callTestVerb(ada)).toMatchObject({ type: 'error', code: 'rooms.not_manager' });
  verbAnswer = () => Promise.reject(new Error('secret'));
  const defect = await callTestVerb(ada);
  expect(defect).toMatchObject({ type: 'error', code: 'server.internal' });
  expect(JSON.stringify(defect)).not.toContain('secret');
  expect(room.logEntries.map(({ event }) => event)).toEqual(['live_room.frame_failed']);
});

it("the fields of a verb's frame are validated like those of any frame", async () => {
  expect(await callTestVerb(ada, 'much too long')).toMatchObject({ code: 'realtime.invalid_frame' });
  expect(verbCalls).toEqual([]);
});

it('a defect in the room is reported to the sender of the frame, and the room continues from its storage', () => {
  sendChat(room, ada, 'before');
  room.breakStorageOnce();
  expect(sendChat(room, ada, 'broken')).toMatchObject({ type: 'error', code: 'server.internal' });
  expect(sendChat(room, ada, 'after')).toMatchObject({ type: 'ack' });
  const seqs = ada.framesOf('chat.message').map(({ seq, text }) => [seq, text]);
  expect(seqs).toEqual([
    [seqs[0]![0], 'before'],
    [(seqs[0]![0] as number) + 1, 'after'],
  ]);
});

it('other frames are handled while a verb runs, and at most four frames of one socket may wait', async () => {
  let finish = () => undefined as void;
  const gate = new Promise<void>((resolve) => {
    finish = resolve;
  });
  verbAnswer = () => gate;
  const ids = Array.from({ length: 5 }, createFrameId);
  for (const id of ids) sendForAnswer(room, ada, { type: 'test.do', id, what: 'x' });
  expect(findAnswer(ada, ids[4]!)).toMatchObject({ code: 'realtime.busy' });
  expect(sendChat(room, ada, 'meanwhile')).toMatchObject({ type: 'ack' });
  finish();
  await room.waitForPending();
  expect(ids.slice(0, 4).map((id) => findAnswer(ada, id)?.type)).toEqual(['ack', 'ack', 'ack', 'ack']);
});

it('a verb costs more of the rate limit than a frame that the room decides itself', async () => {
  const answers = [];
  for (let i = 0; i < 10; i++) answers.push(await callTestVerb(ada));
  expect(answers.map((each) => each?.type)).toContain('error');
  expect(verbCalls.length).toBeLessThan(8);
});

it('hello and `ticket.refresh` are answered with a ticket for the next socket', async () => {
  await room.waitForPending();
  expect(ada.framesOf('ticket')).toMatchObject([{ ticket: 'ext_ada host' }]);
  room.send(ada, { type: 'ticket.refresh', id: createFrameId() });
  await room.waitForPending();
  expect(ada.framesOf('ticket')).toHaveLength(2);
});

it('a socket in use receives a new ticket before the last one expires, with the present role', async () => {
  await room.waitForPending();
  applyCommand(room, { type: 'participant.role', identity: 'ext_ada', role: 'viewer' });
  for (let i = 0; i < 5; i++) {
    room.nowMs += 240_000;
    room.send(ada, { type: 'typing', on: true });
    await room.waitForPending();
  }
  expect(ada.framesOf('ticket').slice(1)).toHaveLength(2);
  expect(ada.framesOf('ticket').at(-1)).toMatchObject({ ticket: 'ext_ada viewer' });
});

it('a chain of tickets ends after a day; the person must then join through the API', async () => {
  await room.waitForPending();
  room.nowMs += 86_400_000;
  const id = createFrameId();
  room.send(ada, { type: 'ticket.refresh', id });
  await room.waitForPending();
  expect(findAnswer(ada, id)).toMatchObject({ code: 'realtime.ticket_too_old' });
  expect(ada.framesOf('ticket')).toHaveLength(1);
});

it('a ticket that cannot be signed is logged, and the socket stays open', async () => {
  room.outage = true;
  const bob = room.join('ext_bob');
  await room.waitForPending();
  expect(bob.framesOf('welcome')).toHaveLength(1);
  expect(room.logEntries.map(({ event }) => event)).toContain('live_room.ticket_failed');
});
