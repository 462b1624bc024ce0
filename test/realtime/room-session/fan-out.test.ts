import { expect, it } from 'vitest';
import { createIds } from '../../../src/kernel/core/index.ts';
import { MemoryRoom } from '../../support/memory-room.ts';
import type { MemorySocket } from '../../support/memory-socket.ts';
import { sendForAnswer } from '../../support/room-helpers.ts';

const ids = createIds(() => Date.parse('2026-01-05T09:30:00.000Z'));
const DELIVERIES = 20_000;

const createCrowd = (count: number) => {
  const room = new MemoryRoom();
  const lines = Array.from({ length: count }, () => room.join(ids.create('user')));
  return { room, lines };
};
const countFrames = (socket: MemorySocket, type: string) =>
  socket.texts.filter((text) => text.startsWith(`{"type":"${type}"`)).length;

it.each([
  ['reaction', { type: 'reaction', emoji: '👍' }],
  ['typing', { type: 'typing', on: true }],
  ['media.hint', { type: 'media.hint', hint: { speaking: true } }],
] as const)('of %s a crowd is passed on so much in a second, and told so', async (type, frame) => {
  const { room, lines } = createCrowd(800);
  const answers = lines.map((line) => sendForAnswer(room, line, { ...frame }));
  const accepted = answers.filter((answer) => answer?.type === 'ack').length;
  expect(accepted).toBe(DELIVERIES / 800);
  expect(countFrames(lines[0]!, type)).toBe(accepted);
  expect(answers.at(-1)).toMatchObject({ code: 'realtime.too_fast', retryAfterSeconds: 1 });
  // Nobody is taken for a flood for what others send.
  expect(lines.every(({ closeCode }) => closeCode === undefined)).toBe(true);
  await room.passSeconds(1);
  expect(sendForAnswer(room, lines.at(-1)!, { ...frame })).toMatchObject({ type: 'ack' });
});

it('what a crowd says is not held up by what it shouts', () => {
  const { room, lines } = createCrowd(800);
  for (const line of lines) sendForAnswer(room, line, { type: 'reaction', emoji: '👍' });
  expect(sendForAnswer(room, lines[0]!, { type: 'chat.send', text: 'hello' })).toMatchObject({ type: 'ack' });
  expect(countFrames(lines[1]!, 'chat.message')).toBe(1);
});

it('what somebody has read is noted, also when the others are not told', () => {
  const { room, lines } = createCrowd(800);
  const [reader] = lines as [MemorySocket];
  sendForAnswer(room, reader, { type: 'chat.send', text: 'hello' });
  for (const line of lines) sendForAnswer(room, line, { type: 'reaction', emoji: '👍' });
  expect(sendForAnswer(room, reader, { type: 'chat.read', seq: 3 })).toMatchObject({ type: 'ack' });
  expect(countFrames(lines[1]!, 'chat.read')).toBe(0);
});

it('a small room notices nothing of it', () => {
  const { room, lines } = createCrowd(10);
  for (const line of lines)
    for (let at = 0; at < 50; at++)
      expect(sendForAnswer(room, line, { type: 'reaction', emoji: '👍' })).toMatchObject({ type: 'ack' });
});
