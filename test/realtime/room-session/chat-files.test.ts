import { beforeEach, describe, expect, it } from 'vitest';
import { exampleId } from '../../../src/kernel/core/index.ts';
import { MemoryRoom } from '../../support/memory-room.ts';
import type { MemorySocket } from '../../support/memory-socket.ts';
import {
  applyCommand,
  createFrameId,
  findAnswer,
  messageIdIn,
  sendForAnswer,
} from '../../support/room-helpers.ts';

const ALL = { chat: true, files: true, captions: true, screenShare: true, recording: true };
const file = {
  fileId: exampleId('file'),
  name: 'budget-2026.pdf',
  contentType: 'application/pdf',
  sizeBytes: 48_213,
  preview: null,
};
const MISSING = 'file_01jd3v7q8gf4kr2x6a0w9mznp0';

let room: MemoryRoom;
let ada: MemorySocket;
let bob: MemorySocket;

beforeEach(() => {
  room = new MemoryRoom();
  room.sharedFiles.push(file);
  ada = room.join('ext_ada');
  bob = room.join('ext_bob', { role: 'moderator' });
});

async function send(fileIds: string[], { socket = ada, id = createFrameId() } = {}) {
  sendForAnswer(room, socket, { type: 'chat.send', id, text: 'the budget', fileIds });
  await room.waitForPending();
  return findAnswer(socket, id);
}
const replay = () => room.join('ext_eve', {}, { epoch: 'x', seq: 0 });

describe('a message with files', () => {
  it('shows everybody their name, type and size', async () => {
    expect(await send([file.fileId])).toMatchObject({ type: 'ack' });
    expect(bob.framesOf('chat.message')).toMatchObject([{ text: 'the budget', files: [file] }]);
  });

  it.each([[[MISSING]], [[file.fileId, MISSING]]])(
    'is refused as a whole when its sender may not show one',
    async (ids) => {
      expect(await send(ids)).toMatchObject({ type: 'error', code: 'realtime.file_not_found' });
      expect(bob.framesOf('chat.message')).toEqual([]);
    },
  );

  it('is refused where files are switched off', async () => {
    applyCommand(room, { type: 'room.updated', features: { ...ALL, files: false } });
    expect(await send([file.fileId])).toMatchObject({ type: 'error', code: 'realtime.not_allowed' });
  });

  it('is sent once, also when its frame comes again after the file is gone', async () => {
    const id = createFrameId();
    const first = await send([file.fileId], { id });
    room.sharedFiles.length = 0;
    expect(await send([file.fileId], { id })).toEqual(first);
    expect(bob.framesOf('chat.message')).toHaveLength(1);
  });

  it('keeps them when it is edited, and once it is deleted no later client gets their names', async () => {
    const messageId = messageIdIn(await send([file.fileId]));
    sendForAnswer(room, ada, { type: 'chat.edit', messageId, text: 'the last budget' });
    expect(replay().framesOf('chat.message')).toMatchObject([{ text: 'the last budget', files: [file] }]);
    sendForAnswer(room, bob, { type: 'chat.delete', messageId });
    const eve = replay();
    expect(eve.framesOf('chat.message')).toHaveLength(1);
    expect(eve.texts.join('\n')).not.toContain('budget-2026');
  });
});
