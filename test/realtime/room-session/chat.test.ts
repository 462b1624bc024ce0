import { beforeEach, expect, it } from 'vitest';
import { MemoryRoom } from '../../support/memory-room.ts';
import type { MemorySocket } from '../../support/memory-socket.ts';
import {
  sendForAnswer,
  findAnswer,
  createFrameId,
  messageIdIn,
  sendChat,
  applyCommand,
} from '../../support/room-helpers.ts';

let room: MemoryRoom;
let ada: MemorySocket;
let bob: MemorySocket;

beforeEach(() => {
  room = new MemoryRoom();
  ada = room.join('ext_ada');
  bob = room.join('ext_bob');
});

const UNKNOWN = 'msg_01jd3v7q8gf4kr2x6a0w9mznpe';

it('a message is acknowledged with its number and id, and everybody receives it with the same', () => {
  const ack = sendChat(room, ada, 'hello');
  const [received] = bob.framesOf('chat.message');
  expect(received).toMatchObject({ identity: 'ext_ada', name: 'ada', text: 'hello', threadId: null });
  expect(ack).toEqual({
    type: 'ack',
    id: expect.any(String),
    seq: received!.seq,
    result: { messageId: received!.messageId },
  });
  expect(ada.framesOf('chat.message')).toEqual([received]);
});

it('a message that is sent again with its frame id is acknowledged as before and not repeated, even after a reconnection and an eviction', () => {
  const id = createFrameId();
  const first = sendChat(room, ada, 'once', { id });
  expect(sendChat(room, ada, 'once', { id })).toEqual(first);
  room.disconnect(ada);
  room.evict();
  ada = room.join('ext_ada');
  expect(sendChat(room, ada, 'once', { id })).toEqual(first);
  expect(bob.framesOf('chat.message')).toHaveLength(1);
});

it('two people may use the same frame id', () => {
  const id = createFrameId();
  sendChat(room, ada, 'mine', { id });
  sendChat(room, bob, 'mine too', { id });
  expect(bob.framesOf('chat.message').map(({ text }) => text)).toEqual(['mine', 'mine too']);
});

it('only its author may edit a message; moderators may delete it too', () => {
  const messageId = messageIdIn(sendChat(room, ada, 'teh'));
  expect(sendForAnswer(room, bob, { type: 'chat.edit', messageId, text: 'no' })).toMatchObject({
    code: 'realtime.not_your_message',
  });
  expect(sendForAnswer(room, ada, { type: 'chat.edit', messageId, text: 'the' })).toMatchObject({
    type: 'ack',
  });
  expect(bob.framesOf('chat.edited')).toMatchObject([{ messageId, text: 'the', identity: 'ext_ada' }]);
  expect(sendForAnswer(room, bob, { type: 'chat.delete', messageId })).toMatchObject({
    code: 'realtime.not_your_message',
  });
  applyCommand(room, { type: 'participant.role', identity: 'ext_bob', role: 'moderator' });
  expect(sendForAnswer(room, bob, { type: 'chat.delete', messageId })).toMatchObject({ type: 'ack' });
  expect(ada.framesOf('chat.deleted')).toMatchObject([{ messageId, by: 'ext_bob' }]);
});

it('a message that was deleted, or does not exist, can be neither changed nor answered', async () => {
  const messageId = messageIdIn(sendChat(room, ada, 'gone'));
  sendForAnswer(room, ada, { type: 'chat.delete', messageId });
  const code = { code: 'realtime.message_not_found' };
  expect(sendForAnswer(room, ada, { type: 'chat.edit', messageId, text: 'x' })).toMatchObject(code);
  expect(sendChat(room, ada, 'to what?', { replyTo: messageId })).toMatchObject(code);
  const id = createFrameId();
  sendForAnswer(room, ada, { id, type: 'chat.react', messageId: UNKNOWN, emoji: '👍', on: true });
  await room.waitForPending();
  expect(findAnswer(ada, id)).toMatchObject(code);
});

it('an answer to an answer is in the same thread', () => {
  const root = messageIdIn(sendChat(room, ada, 'root'));
  const reply = messageIdIn(sendChat(room, bob, 'reply', { replyTo: root }));
  sendChat(room, ada, 'again', { replyTo: reply });
  expect(bob.framesOf('chat.message')).toMatchObject([
    { threadId: null, replyTo: null },
    { threadId: root, replyTo: root },
    { threadId: root, replyTo: reply },
  ]);
});

it("chat is persisted within a second, in the room's order", async () => {
  const messageId = messageIdIn(sendChat(room, ada, 'one'));
  sendForAnswer(room, bob, { type: 'chat.react', messageId, emoji: '👍', on: true });
  sendForAnswer(room, ada, { type: 'hand.raise' });
  sendForAnswer(room, ada, { type: 'chat.edit', messageId, text: 'two' });
  await room.passSeconds(1);
  expect(room.storedChat.map(({ type }) => type)).toEqual(['chat.message', 'chat.reaction', 'chat.edited']);
  await room.passSeconds(3600);
  expect(room.storedChat).toHaveLength(3);
});

it('no message is lost while the database is unavailable, whatever else happens', async () => {
  room.outage = true;
  for (let i = 0; i < 250; i++) {
    room.nowMs += 100;
    sendChat(room, ada, `message ${i}`);
    if (i % 50 === 0) await room.passSeconds(30);
    if (i % 60 === 0) room.evict();
  }
  await room.passSeconds(7_200);
  room.evict();
  await room.passSeconds(7_200);
  expect(room.storedChat).toEqual([]);
  expect(room.logEntries.map(({ event }) => event)).toContain('live_room.chat_not_persisted');
  room.outage = false;
  await room.passSeconds(60);
  expect(room.storedChat.map((event) => event.type === 'chat.message' && event.text)).toEqual(
    Array.from({ length: 250 }, (_each, i) => `message ${i}`),
  );
});

it('no message is lost when the object is evicted while it persists them', async () => {
  room.hanging = true;
  sendChat(room, ada, 'on its way');
  room.nowMs += 1_000;
  void room.core.wake();
  room.evict();
  room.hanging = false;
  await room.passSeconds(60);
  expect(room.storedChat).toMatchObject([{ text: 'on its way' }]);
});

it('a message that the room no longer remembers is looked up, and can be answered and changed', async () => {
  const messageId = messageIdIn(sendChat(room, ada, 'yesterday'));
  await room.passSeconds(2 * 86_400);
  await room.passSeconds(3_600);
  ada = room.join('ext_ada');
  bob = room.join('ext_bob');
  const id = createFrameId();
  expect(
    sendForAnswer(room, ada, { id, type: 'chat.edit', messageId, text: 'the day before' }),
  ).toBeUndefined();
  await room.waitForPending();
  expect(findAnswer(ada, id)).toMatchObject({ type: 'ack' });
  expect(ada.framesOf('chat.edited')).toMatchObject([{ messageId, text: 'the day before' }]);
});

it('a frame has no result if its sender is removed while its message is looked up', async () => {
  const messageId = messageIdIn(sendChat(room, ada, 'yesterday'));
  await room.passSeconds(2 * 86_400);
  await room.passSeconds(3_600);
  ada = room.join('ext_ada');
  bob = room.join('ext_bob');
  sendForAnswer(room, ada, { type: 'chat.edit', messageId, text: 'changed' });
  applyCommand(room, { type: 'participant.removed', identity: 'ext_ada', reason: 'noise' });
  await room.waitForPending();
  expect(bob.framesOf('chat.edited')).toEqual([]);
});

it('a page of the history contains everything that was sent before it was requested', async () => {
  sendChat(room, ada, 'just now');
  const id = createFrameId();
  sendForAnswer(room, bob, { id, type: 'chat.history' });
  await room.waitForPending();
  expect(room.storedChat).toHaveLength(1);
  expect(bob.framesOf('chat.page')).toMatchObject([{ id, data: [], nextCursor: null }]);
});

it('the history is refused without the database, and the socket stays open', async () => {
  room.outage = true;
  const id = createFrameId();
  sendForAnswer(room, bob, { id, type: 'chat.history' });
  await room.waitForPending();
  expect(findAnswer(bob, id)).toMatchObject({ type: 'error', code: 'server.internal' });
  expect(sendChat(room, bob, 'still here')).toMatchObject({ type: 'ack' });
});

it("a person's read mark is shown on all their devices, and never decreases", () => {
  sendChat(room, ada, 'one');
  const seq = bob.framesOf('chat.message')[0]!.seq;
  room.send(bob, { type: 'chat.read', seq: seq + 1_000 });
  room.send(bob, { type: 'chat.read', seq: 1 });
  expect(ada.framesOf('chat.read')).toEqual([{ type: 'chat.read', identity: 'ext_bob', seq }]);
  room.disconnect(bob, 1000);
  room.evict();
  expect(room.join('ext_bob').framesOf('welcome')[0]!.you.readSeq).toBe(seq);
});

it('chat frames are refused where chat is off for everybody or by the link', () => {
  const features = { chat: false, files: true, captions: true, screenShare: true, recording: true };
  const eve = room.join('gst_eve', { features });
  expect(sendChat(room, eve, 'hello')).toMatchObject({ code: 'realtime.not_allowed' });
  applyCommand(room, { type: 'room.updated', features: { chat: false } });
  expect(sendChat(room, ada, 'hello')).toMatchObject({ code: 'realtime.not_allowed' });
  expect(ada.framesOf('you').at(-1)!.you.features.chat).toBe(false);
  applyCommand(room, { type: 'room.updated', features: { chat: true } });
  expect(sendChat(room, ada, 'hello')).toMatchObject({ type: 'ack' });
  expect(sendChat(room, eve, 'hello')).toMatchObject({ code: 'realtime.not_allowed' });
});

it('a message takes ten different emoji of one person and thirty of all, also those taken back; everybody may repeat one', () => {
  const messageId = messageIdIn(sendChat(room, ada, 'hello'));
  const emoji = (at: number) => String.fromCodePoint(0x1f400 + at);
  const react = (by: MemorySocket, at: number, on = true) =>
    sendForAnswer(room, by, { type: 'chat.react', messageId, emoji: emoji(at), on });
  const refusal = { type: 'error', code: 'realtime.too_many_reactions' };
  for (let at = 0; at < 10; at++) expect(react(bob, at)).toMatchObject({ type: 'ack' });
  expect(react(bob, 0, false)).toMatchObject({ type: 'ack' });
  expect(react(bob, 10)).toMatchObject(refusal);
  expect(react(bob, 0)).toMatchObject({ type: 'ack' });
  for (const [name, first] of [
    ['ext_cem', 10],
    ['ext_dan', 20],
  ] as const) {
    const socket = room.join(name);
    for (let at = first; at < first + 10; at++) expect(react(socket, at)).toMatchObject({ type: 'ack' });
  }
  expect(react(ada, 30)).toMatchObject(refusal);
  expect(react(ada, 29)).toMatchObject({ type: 'ack' });
  const other = messageIdIn(sendChat(room, ada, 'another one'));
  expect(
    sendForAnswer(room, bob, { type: 'chat.react', messageId: other, emoji: emoji(30), on: true }),
  ).toMatchObject({
    type: 'ack',
  });
});

it.each(['👍', '❤', '❤️', '👩🏽‍🚀', '🏳️‍🌈', '🇪🇸', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '1️⃣', '👩🏽‍❤️‍💋‍👨🏿'])('%s is one emoji to react with', (emoji) => {
  expect(sendForAnswer(room, bob, { type: 'reaction', emoji })).toMatchObject({ type: 'ack' });
});

it.each(['Ada is wrong', '👍👎', ':thumbsup:', '7', '👍 yes', '\u200D', '🇪'])(
  '%j is no emoji to react with',
  (emoji) => {
    const messageId = messageIdIn(sendChat(room, ada, 'hello'));
    for (const frame of [{ type: 'reaction' }, { type: 'chat.react', messageId, on: true }])
      expect(sendForAnswer(room, bob, { ...frame, emoji })).toMatchObject({ code: 'realtime.invalid_frame' });
  },
);
