import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

let app: TestApp;
let owner: Person;
beforeAll(async () => {
  app = createTestApp();
  owner = await app.person();
});

describe('a query', () => {
  it('with a parameter that a list does not have is refused, and the message names those it has', async () => {
    const answer = await app.send('GET', '/api/v1/api-keys?utm_source=mail', { token: owner.token });
    expect(answer).toMatchObject({
      status: 400,
      body: {
        errors: [
          {
            pointer: '#/query/utm_source',
            message: 'is not a parameter; there are limit, cursor, order',
          },
        ],
      },
    });
  });

  it.each(['/join/abc-defg-hjk', '/docs', '/errors', '/openapi.json', '/'])(
    'with campaign parameters opens the page %s as without them',
    async (path) => {
      const plain = await app.send('GET', path);
      const tagged = await app.send('GET', `${path}?utm_source=mail&utm_source=mail&fbclid=x`);
      expect(tagged.status).toBe(plain.status);
      expect(tagged.status).not.toBe(400);
    },
  );
});

describe('a path', () => {
  it('may end with a slash', async () => {
    expect(await app.send('GET', '/api/v1/rooms/', { token: owner.token })).toMatchObject({ status: 200 });
    const created = await app.send('POST', '/api/v1/rooms/', { token: owner.token, body: { name: 'R' } });
    expect(created).toMatchObject({ status: 201 });
    const preflight = await app.send('OPTIONS', '/api/v1/rooms/', {
      headers: { origin: 'https://app.auralink.test', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
  });
});

describe('a body with many unknown fields', () => {
  it('is answered with the first of them and their number', async () => {
    const body = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`f${index}`, 1]));
    const answer = await app.send('POST', '/api/v1/rooms', { token: owner.token, body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toHaveLength(50);
    // The name of the room is missing, too.
    expect(answer.body.detail).toBe('3001 fields are not valid; the first 50 are listed');
    expect(JSON.stringify(answer.body).length).toBeLessThan(5000);
  });

  it('of a few needs no number', async () => {
    const answer = await app.send('POST', '/api/v1/rooms', { token: owner.token, body: { a: 1, b: 2 } });
    expect(answer.body.errors).toHaveLength(3);
    expect(answer.body.detail).toBeUndefined();
  });
});

describe('metadata in an update', () => {
  const cases = [
    ['a room', async () => `/api/v1/rooms/${await makeRoom()}`],
    ['a link', async () => `/api/v1/links/${await makeLink()}`],
    ['an organization', async () => `/api/v1/organizations/${owner.organizationId}`],
    ['a user', async () => '/api/v1/users/me'],
  ] as const;
  const makeRoom = async () =>
    (await app.send('POST', '/api/v1/rooms', { token: owner.token, body: { name: 'R' } })).body.id;
  const makeLink = async () =>
    (await app.send('POST', '/api/v1/links', { token: owner.token, body: { roomId: await makeRoom() } })).body
      .id;

  it.each(cases)('of %s: sets what it names, deletes what is null, keeps the rest', async (_name, path) => {
    const url = await path();
    const patch = async (metadata: unknown) => {
      const answer = await app.send('PATCH', url, { token: owner.token, body: { metadata } });
      expect(answer).toMatchObject({ status: 200 });
      return answer.body.metadata;
    };
    expect(await patch({ a: 1, b: 'two' })).toEqual({ a: 1, b: 'two' });
    expect(await patch({ b: null, c: true, never: null })).toEqual({ a: 1, c: true });
    expect(await patch({})).toEqual({ a: 1, c: true });
    const read = await app.send('GET', url, { token: owner.token });
    expect(read.body.metadata).toEqual({ a: 1, c: true });
    expect(await patch(null)).toEqual({});
  });

  it.each(cases)('of %s: at most 50 entries remain', async (_name, path) => {
    const url = await path();
    const entries = (from: number, count: number, value: unknown = 1) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${from + index}`, value]));
    const patch = (metadata: unknown) => app.send('PATCH', url, { token: owner.token, body: { metadata } });
    expect(await patch(entries(0, 50))).toMatchObject({ status: 200 });
    expect(await patch({ k50: 1 })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/metadata', message: 'must have at most 50 entries' }] },
    });
    expect(await patch({ k50: 1, k0: null })).toMatchObject({ status: 200 });
    await patch(null);
  });
});
