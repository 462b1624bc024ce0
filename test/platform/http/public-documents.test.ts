import { expect, it } from 'vitest';
import { createTestApp } from '../../support/app.ts';
import { routes } from '../../../workers/http.ts';

const app = createTestApp();
const origin = 'https://anywhere.test';

it.each(['/.well-known/jwks.json', '/openapi.json', '/asyncapi.json', '/events.json'])(
  '%s is readable from pages of every origin',
  async (path) => {
    const answer = await app.send('GET', path, { headers: { origin } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    const preflight = await app.app.fetch(
      new Request(`http://auralink.test${path}`, { method: 'OPTIONS', headers: { origin } }),
    );
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('If-None-Match');
  },
);

it('nothing that needs a credential is readable from every origin', () => {
  const open = routes.filter(({ anyOrigin }) => anyOrigin);
  expect(open.map(({ access }) => access.kind)).toEqual(open.map(() => 'public'));
});

it.each([
  ['PATCH', '/api/v1/rooms/batch'],
  ['GET', '/api/v1/rooms/batch'],
  ['GET', '/api/v1/audit/logs/export'],
])('%s %s is 405: a fixed segment is never taken for an id', async (method, path) => {
  const { token } = await app.person();
  const answer = await app.send(method, path, { token });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
});
