import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { beforeAll, expect, it } from 'vitest';
import { object } from '../../meetings/realtime/socket-client.ts';
import { createWorkerRoom, type WorkerRoom } from '../../meetings/realtime/worker-room.ts';

let room: WorkerRoom;

beforeAll(async () => {
  room = await createWorkerRoom();
}, 60_000);

const kept = async (): Promise<string[]> =>
  (await room.call('GET', `/rooms/${room.roomId}/messages?limit=100`)).data
    .map(({ text }: { text: string }) => text)
    .toReversed();

let later = 0;

/** Lets the room believe that so much time has passed since the last time, and runs its alarm. */
async function wakeLater(ms = 120_000): Promise<void> {
  later += ms;
  await runInDurableObject(object(room.roomId), (instance) => {
    instance.clock = { now: () => Date.now() + later };
  });
  await runDurableObjectAlarm(object(room.roomId));
}

it('what is said while the database is down is there when it is back, also after an eviction', async () => {
  const socket = await room.connect();
  const said = Array.from({ length: 5 }, (_each, i) => `message ${i}`);
  room.isDown = true;
  for (const text of said)
    expect(await socket.ask({ type: 'chat.send', text })).toMatchObject({ type: 'ack' });
  await wakeLater();
  await evictDurableObject(object(room.roomId));
  await wakeLater();
  expect(await kept()).toEqual([]);
  room.isDown = false;
  await wakeLater();
  expect(await kept()).toEqual(said);
  await wakeLater();
  expect(await kept()).toEqual(said);
});

it('history over the socket holds what was said a moment ago', async () => {
  const socket = await room.connect();
  await socket.ask({ type: 'chat.send', text: 'just now' });
  socket.send({ type: 'chat.history', id: 'history-0001', limit: 1 });
  const page = await socket.frame('chat.page');
  expect(page).toMatchObject({
    id: 'history-0001',
    data: [{ text: 'just now' }],
    nextCursor: expect.any(String),
  });
});

it('an old message can be changed after the room has forgotten it', async () => {
  const socket = await room.connect();
  const { result } = await socket.ask({ type: 'chat.send', text: 'old' });
  await wakeLater();
  await wakeLater(26 * 3_600_000);
  await runInDurableObject(object(room.roomId), (_instance, state) => {
    expect(
      state.storage.sql.exec('select seq from events where ref = ?', result.messageId).toArray(),
    ).toEqual([]);
  });
  const again = await room.connect();
  await again.ask({ type: 'chat.edit', messageId: result.messageId, text: 'not so old' });
  await again.frame('chat.edited');
  await wakeLater();
  expect(await kept()).toContain('not so old');
});
