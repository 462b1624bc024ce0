import { expect, it } from 'vitest';
import { chooseSubprotocol, oldestBeyond } from '../../../src/realtime/sockets/index.ts';

it('the oldest sockets beyond the limit are chosen', () => {
  const open = [30, 10, 20].map((openedAtMs) => ({ openedAtMs }));
  expect(oldestBeyond(open, 3)).toEqual([]);
  expect(oldestBeyond(open, 1)).toEqual([{ openedAtMs: 10 }, { openedAtMs: 20 }]);
  expect(oldestBeyond(open, 0)).toHaveLength(3);
});

it.each([
  [null, undefined],
  ['auralink.v2', undefined],
  ['auralink.v1', 'auralink.v1'],
  ['ticket.x, auralink.v1', 'auralink.v1'],
])('of the offered subprotocols %s the answer names %s', (offered, chosen) => {
  expect(chooseSubprotocol(offered, 'auralink.v1')).toBe(chosen);
});
