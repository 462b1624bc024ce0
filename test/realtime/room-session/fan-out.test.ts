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
] as const)(
  '%s of many people together are forwarded up to the limit a second, and refused beyond it',
  async (type, frame) => {
    const { room, lines } = createCrowd(800);
    const answers = lines.map((line) => sendForAnswer(room, line, { ...frame }));
    const accepted = answers.filter((answer) => answer?.type === 'ack').length;
    expect(accepted).toBe(DELIVERIES / 800);
    expect(countFrames(lines[0]!, type)).toBe(accepted);
    expect(answers.at(-1)).toMatchObject({ code: 'realtime.too_fast', retryAfterSeconds: 1 });
    // The frames of others do not count as a flood of this socket.
    expect(lines.every(({ closeCode }) => closeCode === undefined)).toBe(true);
    await room.passSeconds(1);
    expect(sendForAnswer(room, lines.at(-1)!, { ...frame })).toMatchObject({ type: 'ack' });
  },
);

it('chat is not limited by the transient frames of many people', () => {
  const { room, lines } = createCrowd(800);
  for (const line of lines) sendForAnswer(room, line, { type: 'reaction', emoji: '👍' });
  expect(sendForAnswer(room, lines[0]!, { type: 'chat.send', text: 'hello' })).toMatchObject({ type: 'ack' });
  expect(countFrames(lines[1]!, 'chat.message')).toBe(1);
});

it('a read mark is stored even when it is not forwarded', () => {
  const { room, lines } = createCrowd(800);
  const [reader] = lines as [MemorySocket];
  sendForAnswer(room, reader, { type: 'chat.send', text: 'hello' });
  for (const line of lines) sendForAnswer(room, line, { type: 'reaction', emoji: '👍' });
  expect(sendForAnswer(room, reader, { type: 'chat.read', seq: 3 })).toMatchObject({ type: 'ack' });
  expect(countFrames(lines[1]!, 'chat.read')).toBe(0);
});

it('a small room does not reach the limit', () => {
  const { room, lines } = createCrowd(10);
  for (const line of lines)
    for (let at = 0; at < 50; at++)
      expect(sendForAnswer(room, line, { type: 'reaction', emoji: '👍' })).toMatchObject({ type: 'ack' });
});
