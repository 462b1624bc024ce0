import { expect, it } from 'vitest';
import { WaitLimit } from '../../../src/kernel/core/index.ts';

const forever = () => new Promise<never>(() => undefined);
const late = () => new Error('late');

it('limits each of several waits, also after work that took too long has ended during a later one', async () => {
  const limit = new WaitLimit(20);
  const slow = Promise.withResolvers<string>();
  expect(await limit.wait(Promise.resolve('first'), late)).toBe('first');
  await expect(limit.wait(slow.promise, late)).rejects.toThrow('late');
  const next = limit.wait(forever(), late);
  slow.resolve('too late');
  await expect(next).rejects.toThrow('late');
  limit.close();
});
