import { expect, it } from 'vitest';
import { createIds } from '../../../src/platform/core/index.ts';
import { type MemoryLine, MemoryRoom } from '../../support/live-room.ts';
import { ask } from './room.ts';

const ids = createIds(() => Date.parse('2026-01-05T09:30:00.000Z'));
const DELIVERIES = 20_000;

const crowd = (count: number) => {
  const room = new MemoryRoom();
  const lines = Array.from({ length: count }, () => room.join(ids.create('user')));
  return { room, lines };
};
const heard = (line: MemoryLine, type: string) =>
  line.received.filter((text) => text.startsWith(`{"type":"${type}"`)).length;

it.each([
  ['reaction', { type: 'reaction', emoji: '👍' }],
  ['typing', { type: 'typing', on: true }],
  ['media.hint', { type: 'media.hint', hint: { speaking: true } }],
] as const)('of %s a crowd is passed on so much in a second, and told so', async (type, frame) => {
  const { room, lines } = crowd(800);
  const answers = lines.map((line) => ask(room, line, { ...frame }));
  const passed = answers.filter((answer) => answer?.type === 'ack').length;
  expect(passed).toBe(DELIVERIES / 800);
  expect(heard(lines[0]!, type)).toBe(passed);
  expect(answers.at(-1)).toMatchObject({ code: 'realtime.too_fast', retryAfterSeconds: 1 });
  // Nobody is taken for a flood for what others send.
  expect(lines.every(({ closedWith }) => closedWith === undefined)).toBe(true);
  await room.pass(1);
  expect(ask(room, lines.at(-1)!, { ...frame })).toMatchObject({ type: 'ack' });
});

it('what a crowd says is not held up by what it shouts', () => {
  const { room, lines } = crowd(800);
  for (const line of lines) ask(room, line, { type: 'reaction', emoji: '👍' });
  expect(ask(room, lines[0]!, { type: 'chat.send', text: 'hello' })).toMatchObject({ type: 'ack' });
  expect(heard(lines[1]!, 'chat.message')).toBe(1);
});

it('what somebody has read is noted, also when the others are not told', () => {
  const { room, lines } = crowd(800);
  const [reader] = lines as [MemoryLine];
  ask(room, reader, { type: 'chat.send', text: 'hello' });
  for (const line of lines) ask(room, line, { type: 'reaction', emoji: '👍' });
  expect(ask(room, reader, { type: 'chat.read', seq: 3 })).toMatchObject({ type: 'ack' });
  expect(heard(lines[1]!, 'chat.read')).toBe(0);
});

it('a small room notices nothing of it', () => {
  const { room, lines } = crowd(10);
  for (const line of lines)
    for (let at = 0; at < 50; at++)
      expect(ask(room, line, { type: 'reaction', emoji: '👍' })).toMatchObject({ type: 'ack' });
});
