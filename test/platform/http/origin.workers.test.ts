import { expect, it } from 'vitest';
import { createIds } from '../../../src/kernel/core/index.ts';
import { HttpOrigin } from '../../../src/platform/http/request-origin.ts';

it('a user agent that is cut within a character can be stored', () => {
  const headers = { 'user-agent': `${'x'.repeat(255)}\u{1f600}` };
  const request = new Request('http://auralink.test/', { headers });
  const { userAgent } = new HttpOrigin(request, request.headers, createIds(Date.now));
  expect(userAgent).toHaveLength(256);
  expect(userAgent?.isWellFormed()).toBe(true);
});
