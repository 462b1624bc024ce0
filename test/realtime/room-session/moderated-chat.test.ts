import { beforeEach, describe, expect, it } from 'vitest';
import { exampleId } from '../../../src/kernel/core/index.ts';
import type { ChatRules } from '../../../src/realtime/text-rules/index.ts';
import { MemoryRoom } from '../../support/memory-room.ts';
import type { MemorySocket } from '../../support/memory-socket.ts';
import {
  createFrameId,
  findAnswer,
  messageIdIn,
  sendChat,
  sendForAnswer,
} from '../../support/room-helpers.ts';

const RULES: ChatRules = {
  exemptModerators: true,
  rules: [
    { name: 'Insults', words: ['blockhead'], action: 'hide', mute: false },
    { name: 'Threats', words: ['or else'], action: 'reject', mute: false },
  ],
};
let room: MemoryRoom;
let ada: MemorySocket;
let bob: MemorySocket;

beforeEach(() => {
  room = new MemoryRoom();
  room.rules = () => RULES;
  ada = room.join('ext_ada');
  bob = room.join('ext_bob', { role: 'moderator' });
});

async function send(
  text: string,
  {
    socket = ada,
    id = createFrameId(),
    ...rest
  }: { socket?: MemorySocket; id?: string; fileIds?: string[] } = {},
) {
  sendForAnswer(room, socket, { type: 'chat.send', id, text, ...rest });
  await room.waitForPending();
  return findAnswer(socket, id);
}
const shownTo = (socket: MemorySocket) => socket.framesOf('chat.message').map(({ text }) => text);

describe('a message that a rule hides', () => {
  it('reaches no socket and no log, and is kept for its review', async () => {
    const ack = await send('You Blockhead!');
    expect(ack).toMatchObject({ type: 'ack', seq: null, result: { held: true } });
    expect([shownTo(ada), shownTo(bob)]).toEqual([[], []]);
    expect(room.join('ext_eve', {}, { epoch: 'x', seq: 0 }).framesOf('chat.message')).toEqual([]);
    expect(room.heldMessages).toMatchObject([
      { identity: 'ext_ada', text: 'You Blockhead!', rule: 'Insults', phrase: 'blockhead' },
    ]);
    await room.passSeconds(2);
    expect(room.storedChat).toEqual([]);
  });

  it('is kept once, also when its frame comes again', async () => {
    const id = createFrameId();
    const [first, again] = [await send('blockhead', { id }), await send('blockhead', { id })];
    expect(messageIdIn(again)).toBe(messageIdIn(first));
    expect(room.heldMessages).toHaveLength(1);
  });

  it('costs its sender what other parts of the product do for it', async () => {
    const answers = [];
    for (let n = 0; n < 8; n++) answers.push(await send(`blockhead ${n}`));
    expect(answers.slice(0, 7)).toMatchObject(Array.from({ length: 7 }, () => ({ type: 'ack' })));
    expect(answers[7]).toMatchObject({ type: 'error', code: 'realtime.too_fast' });
    expect(room.heldMessages).toHaveLength(7);
  });

  it('is one of a guest with such a name, too: it stands beside the message', async () => {
    const guest = room.join('gst_eve', { kind: 'guest', name: 'BLOCKHEAD' });
    const member = room.join('ext_eve', { name: 'Blockhead' });
    await send('hello', { socket: guest });
    await send('hi', { socket: member });
    expect([room.heldMessages.map(({ text }) => text), shownTo(bob)]).toEqual([['hello'], ['hi']]);
  });

  it('is refused when it cannot be kept', async () => {
    room.outage = true;
    expect(await send('blockhead')).toMatchObject({ type: 'error' });
    expect(shownTo(bob)).toEqual([]);
  });

  it('is one whose file has such a name, too', async () => {
    const file = {
      fileId: exampleId('file'),
      name: 'blockhead.pdf',
      contentType: 'application/pdf',
      sizeBytes: 1,
      preview: null,
    };
    room.sharedFiles.push(file);
    expect(await send('look', { fileIds: [file.fileId] })).toMatchObject({ result: { held: true } });
    expect(room.heldMessages).toMatchObject([{ fileIds: [file.fileId] }]);
  });

  it('cannot be made of one that is shown: the edit is refused', async () => {
    const messageId = messageIdIn(await send('hello'));
    const edit = sendForAnswer(room, ada, { type: 'chat.edit', messageId, text: 'blockhead' });
    expect(edit).toMatchObject({ type: 'error', code: 'realtime.message_refused' });
    expect(bob.framesOf('chat.edited')).toEqual([]);
  });
});

describe('rules of the chat', () => {
  it('reject a message before hiding it', async () => {
    expect(await send('blockhead, or else')).toMatchObject({ code: 'realtime.message_refused' });
    expect(room.heldMessages).toEqual([]);
  });

  it('leave hosts and moderators alone, unless they say otherwise', async () => {
    expect(await send('blockhead', { socket: bob })).not.toHaveProperty('result.held');
    room.rules = () => ({ ...RULES, exemptModerators: false });
    await room.passSeconds(11);
    expect(await send('blockhead', { socket: bob })).toMatchObject({ result: { held: true } });
  });

  it('that change hold ten seconds later', async () => {
    room.rules = () => ({ ...RULES, rules: [] });
    expect(await send('blockhead')).toMatchObject({ result: { held: true } });
    await room.passSeconds(11);
    expect(await send('blockhead')).not.toHaveProperty('result.held');
  });

  it('are awaited, and messages keep their order meanwhile', async () => {
    room.evict();
    let answer = (_rules: ChatRules): void => undefined;
    room.rules = () => new Promise((resolve) => (answer = resolve));
    for (const text of ['one', 'blockhead', 'two', 'three', 'four', 'five']) sendChat(room, ada, text);
    expect(shownTo(bob)).toEqual([]);
    answer(RULES);
    await room.waitForPending();
    expect(shownTo(bob)).toEqual(['one', 'two', 'three', 'four', 'five']);
  });

  it('hold as they were last known when they cannot be read, also after an eviction', async () => {
    room.rules = () => Promise.reject(new Error('the database is down'));
    room.evict();
    expect(await send('blockhead')).toMatchObject({ result: { held: true } });
    expect(await send('hello')).toMatchObject({ type: 'ack' });
    expect(room.logEntries.map(({ event }) => event)).toContain('live_room.rules_not_read');
  });

  it('that were never known let nothing through', async () => {
    const other = new MemoryRoom();
    other.rules = () => Promise.reject(new Error('the database is down'));
    const socket = other.join('ext_ada');
    const id = createFrameId();
    sendForAnswer(other, socket, { type: 'chat.send', id, text: 'hello' });
    await other.waitForPending();
    expect(findAnswer(socket, id)).toMatchObject({ type: 'error' });
    expect(socket.framesOf('chat.message')).toEqual([]);
  });
});
