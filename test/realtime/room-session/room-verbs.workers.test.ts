import { evictDurableObject } from 'cloudflare:test';
import { beforeEach, expect, it } from 'vitest';
import { newFrameId, roomObject } from '../../support/live-room-client.ts';
import { createWorkerRoom, type WorkerRoom } from '../../support/worker-room.ts';

let room: WorkerRoom;

beforeEach(async () => {
  room = await createWorkerRoom();
});

const guest = (claims: object = {}) =>
  room.connect({
    identity: 'gst_01jd3v7q8gf4kr2x6a0w9mznpe',
    kind: 'guest',
    userId: null,
    linkId: 'lnk_01jd3v7q8gf4kr2x6a0w9mznpe',
    role: 'participant',
    name: 'Eve',
    ...claims,
  });

it("a verb's frame is committed, acknowledged and announced to everybody in the room", async () => {
  const [host, eve] = [await room.connect(), await guest()];
  const asked = { type: 'poll.open', question: 'Lunch?', options: ['Yes', 'No'] };
  const { result } = await host.sendAndWait(asked);
  const event = await eve.waitForFrame('poll.opened');
  expect(event.poll).toMatchObject({ pollId: result.id, question: 'Lunch?', status: 'open' });
  expect(await room.call('GET', `/rooms/${room.roomId}/polls/${result.id}`)).toMatchObject({
    question: 'Lunch?',
  });
  await evictDurableObject(roomObject(room.roomId));
  const late = await guest({ identity: 'gst_01jd3v7q8gf4kr2x6a0w9mzaaa' });
  expect((await late.waitForFrame('welcome')).state.polls).toMatchObject([{ pollId: result.id }]);
});

it('a repeated frame gets the same answer and is not executed twice', async () => {
  const host = await room.connect();
  const frame = { type: 'poll.open', id: newFrameId(), question: 'Again?', options: ['Yes', 'No'] };
  const first = await host.sendAndWait(frame);
  const again = await (await room.connect()).sendAndWait(frame);
  expect(again.result.id).toBe(first.result.id);
  const { data } = await room.call('GET', `/rooms/${room.roomId}/polls?limit=100`);
  expect(data.filter(({ question }: { question: string }) => question === 'Again?')).toHaveLength(1);
});

it('a frame is refused without permission, and when the database is unavailable', async () => {
  const eve = await guest();
  const asked = { type: 'poll.open', question: 'May I?', options: ['Yes', 'No'] };
  expect(await eve.sendAndWait(asked)).toMatchObject({ type: 'error', code: 'moderation.not_moderator' });
  const host = await room.connect();
  room.isDatabaseDown = true;
  expect(await host.sendAndWait(asked)).toMatchObject({ type: 'error', code: 'server.internal' });
  room.isDatabaseDown = false;
  expect(await host.sendAndWait(asked)).toMatchObject({ type: 'ack' });
});
