import { describe, expect, it } from 'vitest';
import { isUnresponsive } from '../../../src/realtime/sockets/index.ts';

describe('a client', () => {
  it('counts as gone more than two minutes after its last frame or ping, whichever was later', () => {
    expect(isUnresponsive(60_000, null, 180_000)).toBe(false);
    expect(isUnresponsive(60_000, null, 180_001)).toBe(true);
    expect(isUnresponsive(60_000, 90_000, 210_000)).toBe(false);
    expect(isUnresponsive(60_000, 90_000, 210_001)).toBe(true);
    expect(isUnresponsive(60_000, 30_000, 180_001)).toBe(true);
  });
});
