import { beforeEach, describe, expect, it } from 'vitest';
import type {
  ChatMessage,
  HiddenEvent,
  RoomEvent,
  RoomServerFrame,
} from '../../../src/realtime/protocol/index.ts';
import { MemoryRoom } from '../../support/memory-room.ts';
import type { MemorySocket } from '../../support/memory-socket.ts';
import {
  findAnswer,
  sendForAnswer,
  createFrameId,
  messageIdIn,
  sendChat,
  applyCommand,
} from '../../support/room-helpers.ts';

const NO_CHAT = { chat: false, files: true, captions: true, screenShare: true, recording: true };
const ANOTHER_TIME = { epoch: 'x', seq: 0 };

let room: MemoryRoom;
let ada: MemorySocket;
let bob: MemorySocket;

beforeEach(() => {
  room = new MemoryRoom();
  ada = room.join('ext_ada');
  bob = room.join('ext_bob', { role: 'moderator' });
});

const isEvent = (frame: RoomServerFrame): frame is RoomEvent | HiddenEvent => 'seq' in frame && 'at' in frame;
const eventsOf = (socket: MemorySocket) => socket.frames.filter(isEvent);
const joinForReplay = () => room.join('ext_eve', {}, ANOTHER_TIME);
const edit = (socket: MemorySocket, messageId: string, text: string) =>
  sendForAnswer(room, socket, { type: 'chat.edit', messageId, text });
const remove = (socket: MemorySocket, messageId: string) =>
  sendForAnswer(room, socket, { type: 'chat.delete', messageId });

describe('replaced text', () => {
  it('is not sent to later clients, neither in the message nor in its edits', () => {
    const messageId = messageIdIn(sendChat(room, ada, 'the password is swordfish'));
    edit(ada, messageId, 'sorry: swordfish');
    remove(bob, messageId);
    const eve = joinForReplay();
    expect(eve.texts.join('\n')).not.toContain('swordfish');
    expect(eve.framesOf('chat.message')).toMatchObject([{ messageId, identity: 'ext_ada', text: '' }]);
    expect(eve.framesOf('chat.deleted')).toMatchObject([{ messageId, by: 'ext_bob' }]);
    const seqs = eventsOf(eve).map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_seq, i) => i + 1));
    room.evict();
    expect(room.join('ext_cyd', {}, ANOTHER_TIME).texts.join('\n')).not.toContain('swordfish');
  });

  it('is replaced in the message by the current text after edits', () => {
    const messageId = messageIdIn(sendChat(room, ada, 'swordfish'));
    edit(ada, messageId, 'swordfish!');
    edit(ada, messageId, 'never mind "it"');
    const eve = joinForReplay();
    expect(eve.texts.join('\n')).not.toContain('swordfish');
    expect(eve.framesOf('chat.message')).toMatchObject([{ text: 'never mind "it"' }]);
    expect(eve.framesOf('chat.edited').map(({ text }) => text)).toEqual(['', 'never mind "it"']);
  });

  it('is not persisted if it was replaced before', async () => {
    room.outage = true;
    const messageId = messageIdIn(sendChat(room, ada, 'swordfish'));
    edit(ada, messageId, 'swordfish!');
    remove(ada, messageId);
    await room.passSeconds(60);
    room.outage = false;
    await room.passSeconds(60);
    expect(JSON.stringify(room.storedChat)).not.toContain('swordfish');
    expect(room.storedChat.map(({ type }) => type)).toEqual(['chat.message', 'chat.edited', 'chat.deleted']);
  });

  it('does not change other messages', () => {
    sendChat(room, ada, 'mine');
    remove(bob, messageIdIn(sendChat(room, ada, 'gone')));
    expect(
      joinForReplay()
        .framesOf('chat.message')
        .map(({ text }) => text),
    ).toEqual(['mine', '']);
  });

  it('frees space for further events to be replayed', () => {
    for (let i = 0; i < 400; i++) {
      room.nowMs += 1_000;
      remove(ada, messageIdIn(sendChat(room, ada, 'x'.repeat(4_000))));
    }
    expect(joinForReplay().framesOf('chat.message')).toHaveLength(400);
  });
});

describe('a message that the room no longer remembers', () => {
  let messageId: string;

  beforeEach(async () => {
    messageId = messageIdIn(sendChat(room, ada, 'long ago'));
    await room.passSeconds(2 * 86_400);
    await room.passSeconds(3_600);
    ada = room.join('ext_ada');
    bob = room.join('ext_bob', { role: 'moderator' });
  });

  it('stays deleted before the table has the deletion', async () => {
    remove(bob, messageId);
    await room.waitForPending();
    const id = createFrameId();
    sendForAnswer(room, ada, { id, type: 'chat.edit', messageId, text: 'back' });
    await room.waitForPending();
    expect(findAnswer(ada, id)).toMatchObject({ code: 'realtime.message_not_found' });
    expect(ada.framesOf('chat.edited')).toEqual([]);
  });

  it('counts as deleted also for frames that were looking it up meanwhile', async () => {
    const [first, edited, again] = [createFrameId(), createFrameId(), createFrameId()];
    sendForAnswer(room, bob, { id: first, type: 'chat.delete', messageId });
    sendForAnswer(room, ada, { id: edited, type: 'chat.edit', messageId, text: 'back' });
    sendForAnswer(room, bob, { id: again, type: 'chat.delete', messageId });
    await room.waitForPending();
    expect(findAnswer(bob, first)).toMatchObject({ type: 'ack' });
    for (const [socket, id] of [
      [ada, edited],
      [bob, again],
    ] as const)
      expect(findAnswer(socket, id)).toMatchObject({ code: 'realtime.message_not_found' });
    expect(ada.framesOf('chat.deleted')).toHaveLength(1);
  });
});

describe('a person without chat', () => {
  it('receives `hidden` in place of chat events, live and in a replay', () => {
    const eve = room.join('gst_eve', { features: NO_CHAT });
    const messageId = messageIdIn(sendChat(room, ada, 'swordfish'));
    edit(ada, messageId, 'swordfish!');
    sendForAnswer(room, bob, { type: 'chat.react', messageId, emoji: '👍', on: true });
    sendForAnswer(room, ada, { type: 'hand.raise' });
    const again = room.join('gst_eve', { features: NO_CHAT }, ANOTHER_TIME);
    for (const socket of [eve, again]) {
      expect(socket.texts.join('\n')).not.toMatch(/swordfish|msg_/);
      expect(
        eventsOf(socket)
          .slice(-4)
          .map(({ type }) => type),
      ).toEqual(['hidden', 'hidden', 'hidden', 'hand.raised']);
    }
    const seqs = eventsOf(again).map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_seq, i) => i + 1));
    const original = eventsOf(bob).find(({ type }) => type === 'chat.message')!;
    expect(eve.framesOf('hidden')[0]).toEqual({ type: 'hidden', seq: original.seq, at: original.at });
    expect(bob.framesOf('chat.message')).toHaveLength(1);
  });

  it('is determined by their newest ticket and the present features of the room', () => {
    const eve = room.join('gst_eve');
    sendChat(room, ada, 'one');
    applyCommand(room, { type: 'room.updated', features: { chat: false } });
    expect(joinForReplay().framesOf('chat.message')).toEqual([]);
    applyCommand(room, { type: 'room.updated', features: { chat: true } });
    sendChat(room, ada, 'two');
    room.nowMs += 1_000;
    room.join('gst_eve', { features: NO_CHAT });
    sendChat(room, ada, 'three');
    expect(eve.framesOf('chat.message').map(({ text }) => text)).toEqual(['one', 'two']);
    expect(eve.framesOf('hidden')).toHaveLength(1);
  });
});

describe('a page of the history', () => {
  const createStoredMessage = (messageId: string, rest: Partial<ChatMessage> = {}): ChatMessage => ({
    messageId,
    identity: 'ext_ada',
    name: 'ada',
    text: 'kept',
    threadId: null,
    replyTo: null,
    files: [],
    sentAt: '2026-01-05T09:00:00.000Z',
    editedAt: null,
    deletedAt: null,
    reactions: [],
    ...rest,
  });

  /** Requests a page that is read before `act` runs and answered after it. */
  async function pageDuring(page: () => ChatMessage[], happen: () => unknown): Promise<ChatMessage[]> {
    let finish = () => undefined as void;
    room.beforePage = new Promise((resolve) => {
      finish = resolve;
    });
    room.history = page;
    const read = new Promise<void>((resolve) => {
      room.history = () => (resolve(), page());
    });
    sendForAnswer(room, bob, { type: 'chat.history', cursor: 'older' });
    await read;
    await happen();
    finish();
    await room.waitForPending();
    return bob.framesOf('chat.page').at(-1)!.data;
  }

  it('includes changes that happened while it was read', async () => {
    const [gone, better, liked, other] = ['gone', 'teh', 'liked', 'other'].map((text) =>
      messageIdIn(sendChat(room, ada, text)),
    ) as [string, string, string, string];
    const before = [
      createStoredMessage(gone, { text: 'gone' }),
      createStoredMessage(better, { text: 'teh' }),
      createStoredMessage(liked),
      createStoredMessage(other),
    ];
    const page = await pageDuring(
      () => before,
      () => {
        edit(ada, gone, 'still gone');
        remove(ada, gone);
        edit(ada, better, 'thee');
        edit(ada, better, 'the');
        const react = (socket: MemorySocket, emoji: string, on: boolean) =>
          sendForAnswer(room, socket, { type: 'chat.react', messageId: liked, emoji, on });
        react(bob, '👍', true);
        react(ada, '👍', true);
        react(ada, '🎉', true);
        react(ada, '🎉', false);
      },
    );
    const [deleted] = bob.framesOf('chat.deleted');
    expect(page).toEqual([
      createStoredMessage(gone, { text: '', deletedAt: deleted!.at }),
      createStoredMessage(better, { text: 'the', editedAt: bob.framesOf('chat.edited').at(-1)!.at }),
      createStoredMessage(liked, { reactions: [{ emoji: '👍', identities: ['ext_bob', 'ext_ada'] }] }),
      createStoredMessage(other),
    ]);
  });

  it('is not changed by events that the table already contains', async () => {
    const messageId = messageIdIn(sendChat(room, ada, 'teh'));
    edit(ada, messageId, 'the');
    sendForAnswer(room, bob, { type: 'chat.react', messageId, emoji: '👍', on: true });
    const editedAt = bob.framesOf('chat.edited')[0]!.at;
    const reactions = [{ emoji: '👍', identities: ['gst_old', 'ext_bob'] }];
    const message = createStoredMessage(messageId, { text: 'the', editedAt, reactions });
    expect(
      await pageDuring(
        () => [message],
        () => undefined,
      ),
    ).toEqual([message]);
  });

  it('includes a deletion of which the log has kept only the row', async () => {
    const messageId = messageIdIn(sendChat(room, ada, 'long ago'));
    await room.passSeconds(2 * 86_400);
    await room.passSeconds(3_600);
    ada = room.join('ext_ada');
    bob = room.join('ext_bob', { role: 'moderator' });
    const page = await pageDuring(
      () => [createStoredMessage(messageId, { reactions: [{ emoji: '👍', identities: ['ext_bob'] }] })],
      async () => {
        remove(bob, messageId);
        while (bob.framesOf('chat.deleted').length === 0) await Promise.resolve();
      },
    );
    expect(page).toMatchObject([{ text: '', deletedAt: expect.any(String), reactions: [] }]);
  });

  it('is refused to a person who lost the chat feature meanwhile', async () => {
    const id = createFrameId();
    room.send(bob, { id, type: 'chat.history' });
    applyCommand(room, { type: 'room.updated', features: { chat: false } });
    await room.waitForPending();
    expect(findAnswer(bob, id)).toMatchObject({ code: 'realtime.not_allowed' });
  });
});
