import { beforeAll, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

let app: TestApp;
let owner: Person;
let secret: string;

beforeAll(async () => {
  app = createTestApp();
  owner = await app.person();
  const body = { name: 'Key', scopes: ['read'] };
  secret = (await app.send('POST', '/api/v1/api-keys', { token: owner.token, body })).body.secret;
});

const send = (headers: Record<string, string>, path = '/api/v1/organizations') =>
  app.send('GET', path, { headers });

it('an API key may stand in X-API-Key, and lists the organization that it belongs to', async () => {
  const answer = await send({ 'x-api-key': secret });
  expect(answer).toMatchObject({
    status: 200,
    body: { data: [{ id: owner.organizationId }], nextCursor: null },
  });
  const past = await send(
    { 'x-api-key': secret },
    `/api/v1/organizations?cursor=${cursorAfter(owner.organizationId)}`,
  );
  expect(past.body).toEqual({ data: [], nextCursor: null });
  expect(await send({ 'x-api-key': secret }, `/api/v1/organizations/${owner.organizationId}`)).toMatchObject({
    status: 200,
    body: { id: owner.organizationId },
  });
});

const cursorAfter = (after: string) => Buffer.from(JSON.stringify({ after })).toString('base64url');

it('a key without the permission to read its organization does not list it', async () => {
  const body = { name: 'Rooms', scopes: ['rooms:read'] };
  const key = await app.send('POST', '/api/v1/api-keys', { token: owner.token, body });
  expect(await send({ authorization: `Bearer ${key.body.secret}` })).toMatchObject({
    status: 403,
    body: { code: 'auth.forbidden' },
  });
});

it('X-API-Key takes API keys alone: no access token, no token of the operator, nothing beside the key', async () => {
  for (const key of [owner.token, app.operator, `Bearer ${secret}`, `${secret} x`, 'nonsense', ''])
    expect(await send({ 'x-api-key': key }), key).toMatchObject({ status: 401 });
  expect(await send({ 'x-api-key': app.operator }, '/api/v1/operator/dead-letters')).toMatchObject({
    status: 401,
  });
});

it('Authorization counts where both are sent', async () => {
  expect(await send({ 'x-api-key': secret, authorization: 'Bearer nonsense' })).toMatchObject({
    status: 401,
  });
});
