import { beforeEach, describe, expect, it } from 'vitest';
import type {
  ChatMessage,
  HiddenEvent,
  RoomEvent,
  ServerFrame,
} from '../../../src/meetings/realtime/index.ts';
import { type MemoryLine, MemoryRoom } from '../../support/live-room.ts';
import { answerTo, ask, frameId, messageIdIn, send, tell } from './room.ts';

const NO_CHAT = { chat: false, files: true, captions: true, screenShare: true, recording: true };
const ANOTHER_TIME = { epoch: 'x', seq: 0 };

let room: MemoryRoom;
let ada: MemoryLine;
let bob: MemoryLine;

beforeEach(() => {
  room = new MemoryRoom();
  ada = room.join('ext_ada');
  bob = room.join('ext_bob', { role: 'moderator' });
});

const isEvent = (frame: ServerFrame): frame is RoomEvent | HiddenEvent => 'seq' in frame && 'at' in frame;
const eventsOf = (line: MemoryLine) => line.frames().filter(isEvent);
const replayed = () => room.join('ext_eve', {}, ANOTHER_TIME);
const edit = (line: MemoryLine, messageId: string, text: string) =>
  ask(room, line, { type: 'chat.edit', messageId, text });
const remove = (line: MemoryLine, messageId: string) => ask(room, line, { type: 'chat.delete', messageId });

describe('what was said and then taken back', () => {
  it('is told to nobody who comes later: not the message, and none of its edits', () => {
    const messageId = messageIdIn(send(room, ada, 'the password is swordfish'));
    edit(ada, messageId, 'sorry: swordfish');
    remove(bob, messageId);
    const eve = replayed();
    expect(eve.received.join('\n')).not.toContain('swordfish');
    expect(eve.of('chat.message')).toMatchObject([{ messageId, identity: 'ext_ada', text: '' }]);
    expect(eve.of('chat.deleted')).toMatchObject([{ messageId, by: 'ext_bob' }]);
    const seqs = eventsOf(eve).map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_seq, i) => i + 1));
    room.evict();
    expect(room.join('ext_cyd', {}, ANOTHER_TIME).received.join('\n')).not.toContain('swordfish');
  });

  it('is not told either where it was edited: the message has the text that counts', () => {
    const messageId = messageIdIn(send(room, ada, 'swordfish'));
    edit(ada, messageId, 'swordfish!');
    edit(ada, messageId, 'never mind "it"');
    const eve = replayed();
    expect(eve.received.join('\n')).not.toContain('swordfish');
    expect(eve.of('chat.message')).toMatchObject([{ text: 'never mind "it"' }]);
    expect(eve.of('chat.edited').map(({ text }) => text)).toEqual(['', 'never mind "it"']);
  });

  it('is not stored any more where it was not stored yet', async () => {
    room.outage = true;
    const messageId = messageIdIn(send(room, ada, 'swordfish'));
    edit(ada, messageId, 'swordfish!');
    remove(ada, messageId);
    await room.pass(60);
    room.outage = false;
    await room.pass(60);
    expect(JSON.stringify(room.kept)).not.toContain('swordfish');
    expect(room.kept.map(({ type }) => type)).toEqual(['chat.message', 'chat.edited', 'chat.deleted']);
  });

  it('leaves what others have said alone', () => {
    send(room, ada, 'mine');
    remove(bob, messageIdIn(send(room, ada, 'gone')));
    expect(
      replayed()
        .of('chat.message')
        .map(({ text }) => text),
    ).toEqual(['mine', '']);
  });

  it('makes room for more to be replayed', () => {
    for (let i = 0; i < 400; i++) {
      room.nowMs += 1_000;
      remove(ada, messageIdIn(send(room, ada, 'x'.repeat(4_000))));
    }
    expect(replayed().of('chat.message')).toHaveLength(400);
  });
});

describe('a message that is older than the room remembers', () => {
  let messageId: string;

  beforeEach(async () => {
    messageId = messageIdIn(send(room, ada, 'long ago'));
    await room.pass(2 * 86_400);
    await room.pass(3_600);
  });

  it('stays deleted, though the table has not heard of it yet', async () => {
    remove(bob, messageId);
    await room.settled();
    const id = frameId();
    ask(room, ada, { id, type: 'chat.edit', messageId, text: 'back' });
    await room.settled();
    expect(answerTo(ada, id)).toMatchObject({ code: 'realtime.message_not_found' });
    expect(ada.of('chat.edited')).toEqual([]);
  });

  it('is deleted for those frames, too, that were looking it up meanwhile', async () => {
    const [first, edited, again] = [frameId(), frameId(), frameId()];
    ask(room, bob, { id: first, type: 'chat.delete', messageId });
    ask(room, ada, { id: edited, type: 'chat.edit', messageId, text: 'back' });
    ask(room, bob, { id: again, type: 'chat.delete', messageId });
    await room.settled();
    expect(answerTo(bob, first)).toMatchObject({ type: 'ack' });
    for (const [line, id] of [
      [ada, edited],
      [bob, again],
    ] as const)
      expect(answerTo(line, id)).toMatchObject({ code: 'realtime.message_not_found' });
    expect(ada.of('chat.deleted')).toHaveLength(1);
  });
});

describe('who has no chat', () => {
  it('sees of its events only that there was one, when it happens and afterwards', () => {
    const eve = room.join('gst_eve', { features: NO_CHAT });
    const messageId = messageIdIn(send(room, ada, 'swordfish'));
    edit(ada, messageId, 'swordfish!');
    ask(room, bob, { type: 'chat.react', messageId, emoji: '👍', on: true });
    ask(room, ada, { type: 'hand.raise' });
    const again = room.join('gst_eve', { features: NO_CHAT }, ANOTHER_TIME);
    for (const line of [eve, again]) {
      expect(line.received.join('\n')).not.toMatch(/swordfish|msg_/);
      expect(
        eventsOf(line)
          .slice(-4)
          .map(({ type }) => type),
      ).toEqual(['hidden', 'hidden', 'hidden', 'hand.raised']);
    }
    const seqs = eventsOf(again).map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_seq, i) => i + 1));
    const told = eventsOf(bob).find(({ type }) => type === 'chat.message')!;
    expect(eve.of('hidden')[0]).toEqual({ type: 'hidden', seq: told.seq, at: told.at });
    expect(bob.of('chat.message')).toHaveLength(1);
  });

  it('is who they are by now: it comes and goes with their newest ticket and with the room', () => {
    const eve = room.join('gst_eve');
    send(room, ada, 'one');
    tell(room, { type: 'room.updated', features: { chat: false } });
    expect(replayed().of('chat.message')).toEqual([]);
    tell(room, { type: 'room.updated', features: { chat: true } });
    send(room, ada, 'two');
    room.nowMs += 1_000;
    room.join('gst_eve', { features: NO_CHAT });
    send(room, ada, 'three');
    expect(eve.of('chat.message').map(({ text }) => text)).toEqual(['one', 'two']);
    expect(eve.of('hidden')).toHaveLength(1);
  });
});

describe('a page of the history', () => {
  const kept = (messageId: string, rest: Partial<ChatMessage> = {}): ChatMessage => ({
    messageId,
    identity: 'ext_ada',
    name: 'ada',
    text: 'kept',
    threadId: null,
    replyTo: null,
    sentAt: '2026-01-05T09:00:00.000Z',
    editedAt: null,
    deletedAt: null,
    reactions: [],
    ...rest,
  });

  /** Asks for a page, which is read before something happens and answered after it. */
  async function pageDuring(page: () => ChatMessage[], happen: () => unknown): Promise<ChatMessage[]> {
    let finish = () => undefined as void;
    room.reading = new Promise((resolve) => {
      finish = resolve;
    });
    room.history = page;
    const read = new Promise<void>((resolve) => {
      room.history = () => (resolve(), page());
    });
    ask(room, bob, { type: 'chat.history', cursor: 'older' });
    await read;
    await happen();
    finish();
    await room.settled();
    return bob.of('chat.page').at(-1)!.data;
  }

  it('says what has happened while it was read', async () => {
    const [gone, better, liked, other] = ['gone', 'teh', 'liked', 'other'].map((text) =>
      messageIdIn(send(room, ada, text)),
    ) as [string, string, string, string];
    const before = [kept(gone, { text: 'gone' }), kept(better, { text: 'teh' }), kept(liked), kept(other)];
    const page = await pageDuring(
      () => before,
      () => {
        edit(ada, gone, 'still gone');
        remove(ada, gone);
        edit(ada, better, 'thee');
        edit(ada, better, 'the');
        const react = (line: MemoryLine, emoji: string, on: boolean) =>
          ask(room, line, { type: 'chat.react', messageId: liked, emoji, on });
        react(bob, '👍', true);
        react(ada, '👍', true);
        react(ada, '🎉', true);
        react(ada, '🎉', false);
      },
    );
    const [deleted] = bob.of('chat.deleted');
    expect(page).toEqual([
      kept(gone, { text: '', deletedAt: deleted!.at }),
      kept(better, { text: 'the', editedAt: bob.of('chat.edited').at(-1)!.at }),
      kept(liked, { reactions: [{ emoji: '👍', identities: ['ext_bob', 'ext_ada'] }] }),
      kept(other),
    ]);
  });

  it('is not changed by what the table knows already', async () => {
    const messageId = messageIdIn(send(room, ada, 'teh'));
    edit(ada, messageId, 'the');
    ask(room, bob, { type: 'chat.react', messageId, emoji: '👍', on: true });
    const editedAt = bob.of('chat.edited')[0]!.at;
    const reactions = [{ emoji: '👍', identities: ['gst_old', 'ext_bob'] }];
    const message = kept(messageId, { text: 'the', editedAt, reactions });
    expect(
      await pageDuring(
        () => [message],
        () => undefined,
      ),
    ).toEqual([message]);
  });

  it('knows of a deletion also when its row is all that is left of it', async () => {
    const messageId = messageIdIn(send(room, ada, 'long ago'));
    await room.pass(2 * 86_400);
    await room.pass(3_600);
    const page = await pageDuring(
      () => [kept(messageId, { reactions: [{ emoji: '👍', identities: ['ext_bob'] }] })],
      async () => {
        remove(bob, messageId);
        while (bob.of('chat.deleted').length === 0) await Promise.resolve();
      },
    );
    expect(page).toMatchObject([{ text: '', deletedAt: expect.any(String), reactions: [] }]);
  });

  it('is refused to whom the chat was taken from meanwhile', async () => {
    const id = frameId();
    room.say(bob, { id, type: 'chat.history' });
    tell(room, { type: 'room.updated', features: { chat: false } });
    await room.settled();
    expect(answerTo(bob, id)).toMatchObject({ code: 'realtime.not_allowed' });
  });
});
