import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { beforeEach, expect, it } from 'vitest';
import { roomObject } from '../../support/live-room-client.ts';
import { createWorkerRoom, type WorkerRoom } from '../../support/worker-room.ts';

let room: WorkerRoom;
let clockOffsetMs = 0;

beforeEach(async () => {
  clockOffsetMs = 0;
  room = await createWorkerRoom();
});

const storedTexts = async (): Promise<string[]> =>
  (await room.call('GET', `/rooms/${room.roomId}/messages?limit=100`)).data
    .map(({ text }: { text: string }) => text)
    .toReversed();

/** Moves the room's clock forward and runs its alarm. */
async function wakeLater(ms = 120_000): Promise<void> {
  clockOffsetMs += ms;
  await runInDurableObject(roomObject(room.roomId), (instance) => {
    instance.clock = { now: () => Date.now() + clockOffsetMs };
  });
  await runDurableObjectAlarm(roomObject(room.roomId));
}

it('messages sent while the database is down are stored when it is back, also after an eviction', async () => {
  const socket = await room.connect();
  const sentTexts = Array.from({ length: 5 }, (_each, i) => `message ${i}`);
  room.isDatabaseDown = true;
  for (const text of sentTexts)
    expect(await socket.sendAndWait({ type: 'chat.send', text })).toMatchObject({ type: 'ack' });
  await wakeLater();
  await evictDurableObject(roomObject(room.roomId));
  await wakeLater();
  expect(await storedTexts()).toEqual([]);
  room.isDatabaseDown = false;
  await wakeLater();
  expect(await storedTexts()).toEqual(sentTexts);
  await wakeLater();
  expect(await storedTexts()).toEqual(sentTexts);
});

it('history over the socket includes a message that was just sent', async () => {
  const socket = await room.connect();
  for (const text of ['earlier', 'just now']) await socket.sendAndWait({ type: 'chat.send', text });
  socket.send({ type: 'chat.history', id: 'history-0001', limit: 1 });
  const page = await socket.waitForFrame('chat.page');
  expect(page).toMatchObject({
    id: 'history-0001',
    data: [{ text: 'just now' }],
    nextCursor: expect.any(String),
  });
});

it('an old message can be edited after the live room has removed it from its log', async () => {
  const socket = await room.connect();
  const { result } = await socket.sendAndWait({ type: 'chat.send', text: 'old' });
  await wakeLater();
  await wakeLater(26 * 3_600_000);
  await runInDurableObject(roomObject(room.roomId), (_instance, state) => {
    expect(
      state.storage.sql.exec('select seq from events where ref = ?', result.messageId).toArray(),
    ).toEqual([]);
  });
  const again = await room.connect();
  await again.sendAndWait({ type: 'chat.edit', messageId: result.messageId, text: 'not so old' });
  await again.waitForFrame('chat.edited');
  await wakeLater();
  expect(await storedTexts()).toContain('not so old');
});

it('a message shows a file of the room, and none that is not there', async () => {
  const socket = await room.connect();
  const fileId = await room.upload('agenda', `roomId=${room.roomId}&name=agenda.txt`);
  const send = (id: string) => socket.sendAndWait({ type: 'chat.send', text: 'the agenda', fileIds: [id] });
  expect(await send(fileId)).toMatchObject({ type: 'ack' });
  expect(await socket.waitForFrame('chat.message')).toMatchObject({
    files: [{ fileId, name: 'agenda.txt' }],
  });
  expect(await send('file_01jd3v7q8gf4kr2x6a0w9mznpe')).toMatchObject({ code: 'realtime.file_not_found' });
});
