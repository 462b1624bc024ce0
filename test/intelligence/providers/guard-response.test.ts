import { expect, it } from 'vitest';
import { createGuardedFetch, DEFAULT_LIMITS } from '../../../src/intelligence/providers/guard-response.ts';

it('a request that is not answered in time is ended at the provider, too', async () => {
  let signal: AbortSignal | null | undefined;
  const guarded = createGuardedFetch('silent', { ...DEFAULT_LIMITS, answerMs: 20 }, (_input, init) => {
    signal = init?.signal;
    return new Promise(() => undefined);
  });
  await expect(guarded('https://models.auralink.test')).rejects.toMatchObject({ kind: 'stalled' });
  expect(signal).toMatchObject({ aborted: true, reason: { kind: 'stalled' } });
});
