import { beforeEach, expect, it } from 'vitest';
import { type MemoryLine, MemoryRoom } from '../../support/live-room.ts';
import { ask, answerTo, frameId, messageIdIn, send, tell } from './room.ts';

let room: MemoryRoom;
let ada: MemoryLine;
let bob: MemoryLine;

beforeEach(() => {
  room = new MemoryRoom();
  ada = room.join('ext_ada');
  bob = room.join('ext_bob');
});

const UNKNOWN = 'msg_01jd3v7q8gf4kr2x6a0w9mznpe';

it('a message is acknowledged with its place and its id, and everybody gets it with the same', () => {
  const ack = send(room, ada, 'hello');
  const [heard] = bob.of('chat.message');
  expect(heard).toMatchObject({ identity: 'ext_ada', name: 'ada', text: 'hello', threadId: null });
  expect(ack).toEqual({
    type: 'ack',
    id: expect.any(String),
    seq: heard!.seq,
    result: { messageId: heard!.messageId },
  });
  expect(ada.of('chat.message')).toEqual([heard]);
});

it('a message sent again with its id is acknowledged as before and not doubled, also after a break and an eviction', () => {
  const id = frameId();
  const first = send(room, ada, 'once', { id });
  expect(send(room, ada, 'once', { id })).toEqual(first);
  room.drop(ada);
  room.evict();
  ada = room.join('ext_ada');
  expect(send(room, ada, 'once', { id })).toEqual(first);
  expect(bob.of('chat.message')).toHaveLength(1);
});

it('two people may happen to choose the same id', () => {
  const id = frameId();
  send(room, ada, 'mine', { id });
  send(room, bob, 'mine too', { id });
  expect(bob.of('chat.message').map(({ text }) => text)).toEqual(['mine', 'mine too']);
});

it('only who wrote a message edits it; who moderates may delete it', () => {
  const messageId = messageIdIn(send(room, ada, 'teh'));
  expect(ask(room, bob, { type: 'chat.edit', messageId, text: 'no' })).toMatchObject({
    code: 'realtime.not_your_message',
  });
  expect(ask(room, ada, { type: 'chat.edit', messageId, text: 'the' })).toMatchObject({ type: 'ack' });
  expect(bob.of('chat.edited')).toMatchObject([{ messageId, text: 'the', identity: 'ext_ada' }]);
  expect(ask(room, bob, { type: 'chat.delete', messageId })).toMatchObject({
    code: 'realtime.not_your_message',
  });
  tell(room, { type: 'participant.role', identity: 'ext_bob', role: 'moderator' });
  expect(ask(room, bob, { type: 'chat.delete', messageId })).toMatchObject({ type: 'ack' });
  expect(ada.of('chat.deleted')).toMatchObject([{ messageId, by: 'ext_bob' }]);
});

it('a message that is deleted, or never was, can be neither changed nor answered', async () => {
  const messageId = messageIdIn(send(room, ada, 'gone'));
  ask(room, ada, { type: 'chat.delete', messageId });
  const code = { code: 'realtime.message_not_found' };
  expect(ask(room, ada, { type: 'chat.edit', messageId, text: 'x' })).toMatchObject(code);
  expect(send(room, ada, 'to what?', { replyTo: messageId })).toMatchObject(code);
  const id = frameId();
  ask(room, ada, { id, type: 'chat.react', messageId: UNKNOWN, emoji: '👍', on: true });
  await room.settled();
  expect(answerTo(ada, id)).toMatchObject(code);
});

it('an answer to an answer is in the same thread', () => {
  const root = messageIdIn(send(room, ada, 'root'));
  const reply = messageIdIn(send(room, bob, 'reply', { replyTo: root }));
  send(room, ada, 'again', { replyTo: reply });
  expect(bob.of('chat.message')).toMatchObject([
    { threadId: null, replyTo: null },
    { threadId: root, replyTo: root },
    { threadId: root, replyTo: reply },
  ]);
});

it('what is said is stored within a second, in the order of the room', async () => {
  const messageId = messageIdIn(send(room, ada, 'one'));
  ask(room, bob, { type: 'chat.react', messageId, emoji: '👍', on: true });
  ask(room, ada, { type: 'hand.raise' });
  ask(room, ada, { type: 'chat.edit', messageId, text: 'two' });
  await room.pass(1);
  expect(room.kept.map(({ type }) => type)).toEqual(['chat.message', 'chat.reaction', 'chat.edited']);
  await room.pass(3600);
  expect(room.kept).toHaveLength(3);
});

it('no message is lost while the database is away, whatever else happens', async () => {
  room.outage = true;
  for (let i = 0; i < 250; i++) {
    room.nowMs += 100;
    send(room, ada, `message ${i}`);
    if (i % 50 === 0) await room.pass(30);
    if (i % 60 === 0) room.evict();
  }
  await room.pass(7_200);
  room.evict();
  await room.pass(7_200);
  expect(room.kept).toEqual([]);
  expect(room.logged.map(({ event }) => event)).toContain('live_room.chat_not_kept');
  room.outage = false;
  await room.pass(60);
  expect(room.kept.map((event) => event.type === 'chat.message' && event.text)).toEqual(
    Array.from({ length: 250 }, (_each, i) => `message ${i}`),
  );
});

it('no message is lost when the object vanishes while it stores them', async () => {
  room.hanging = true;
  send(room, ada, 'on its way');
  room.nowMs += 1_000;
  void room.keeper.wake();
  room.evict();
  room.hanging = false;
  await room.pass(60);
  expect(room.kept).toMatchObject([{ text: 'on its way' }]);
});

it('an older message than the room remembers is looked up, and can be answered and changed', async () => {
  const messageId = messageIdIn(send(room, ada, 'yesterday'));
  await room.pass(2 * 86_400);
  await room.pass(3_600);
  const id = frameId();
  expect(ask(room, ada, { id, type: 'chat.edit', messageId, text: 'the day before' })).toBeUndefined();
  await room.settled();
  expect(answerTo(ada, id)).toMatchObject({ type: 'ack' });
  expect(ada.of('chat.edited')).toMatchObject([{ messageId, text: 'the day before' }]);
});

it('while a message is looked up its writer may be removed, and then nothing comes of it', async () => {
  const messageId = messageIdIn(send(room, ada, 'yesterday'));
  await room.pass(2 * 86_400);
  await room.pass(3_600);
  ask(room, ada, { type: 'chat.edit', messageId, text: 'changed' });
  tell(room, { type: 'participant.removed', identity: 'ext_ada', reason: 'noise' });
  await room.settled();
  expect(bob.of('chat.edited')).toEqual([]);
});

it('a page of history waits for what was sent before it was asked for', async () => {
  send(room, ada, 'just now');
  const id = frameId();
  ask(room, bob, { id, type: 'chat.history' });
  await room.settled();
  expect(room.kept).toHaveLength(1);
  expect(bob.of('chat.page')).toMatchObject([{ id, data: [], nextCursor: null }]);
});

it('without the database history is refused, and the socket goes on', async () => {
  room.outage = true;
  const id = frameId();
  ask(room, bob, { id, type: 'chat.history' });
  await room.settled();
  expect(answerTo(bob, id)).toMatchObject({ type: 'error', code: 'server.internal' });
  expect(send(room, bob, 'still here')).toMatchObject({ type: 'ack' });
});

it('what somebody has read is known on all their devices, and never goes back', () => {
  send(room, ada, 'one');
  const seq = bob.of('chat.message')[0]!.seq;
  room.say(bob, { type: 'chat.read', seq: seq + 1_000 });
  room.say(bob, { type: 'chat.read', seq: 1 });
  expect(ada.of('chat.read')).toEqual([{ type: 'chat.read', identity: 'ext_bob', seq }]);
  room.drop(bob, 1000);
  room.evict();
  expect(room.join('ext_bob').of('welcome')[0]!.you.readSeq).toBe(seq);
});

it('where the chat is off, for everybody or by a link, nobody chats', () => {
  const features = { chat: false, files: true, captions: true, screenShare: true, recording: true };
  const eve = room.join('gst_eve', { features });
  expect(send(room, eve, 'hello')).toMatchObject({ code: 'realtime.not_allowed' });
  tell(room, { type: 'room.updated', features: { chat: false } });
  expect(send(room, ada, 'hello')).toMatchObject({ code: 'realtime.not_allowed' });
  expect(ada.of('you').at(-1)!.you.features.chat).toBe(false);
  tell(room, { type: 'room.updated', features: { chat: true } });
  expect(send(room, ada, 'hello')).toMatchObject({ type: 'ack' });
  expect(send(room, eve, 'hello')).toMatchObject({ code: 'realtime.not_allowed' });
});
