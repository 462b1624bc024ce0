import { beforeEach, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import {
  type AuthorizationServer,
  LOGIN_SERVER,
  PROTECTED_SERVER,
} from '../../support/authorization-server.ts';
import { withFreshToken } from '../../support/tokens.ts';
import { ownerSql } from '../../contract/sql.ts';

const listPath = '/api/v1/mcp/connections';

let app: TestApp;
let owner: Person;
let login: AuthorizationServer;

beforeEach(async () => {
  app = createTestApp();
  owner = await app.person();
  login = app.authorizationServer;
});

const send = (method: string, path: string, body?: unknown, token = owner.token) =>
  app.send(method, `${listPath}${path}`, { token, ...(body === undefined ? {} : { body }) });

async function create(): Promise<string> {
  const { status, body } = await send('POST', '', {
    name: 'Tools',
    url: PROTECTED_SERVER,
    authorization: 'oauth',
  });
  expect([status, body.status, body.problem]).toEqual([201, 'needs_authorization', 'authorization_missing']);
  return body.id;
}
async function begin(id: string) {
  const { status, body } = await send('POST', `/${id}/consent`);
  expect([status, body.code]).toEqual([200, undefined]);
  return login.consent(body.authorizationUrl);
}
const complete = (id: string, answer: object, token?: string) =>
  send('POST', `/${id}/consent/complete`, answer, token);
const call = (id: string) => send('POST', `/${id}/call`, { tool: 'echo', arguments: { text: 'Hello' } });
async function connect(): Promise<string> {
  const id = await create();
  expect(await complete(id, await begin(id))).toMatchObject({ status: 200, body: { status: 'working' } });
  return id;
}
const problemOf = async (id: string) => {
  const { body } = await send('GET', `/${id}`);
  return [body.status, body.problem];
};

it('a person consents, the tools are listed and called, and the tokens are nowhere to be read', async () => {
  const id = await create();
  expect((await call(id)).body).toMatchObject({ code: 'mcp_connections.needs_authorization' });
  const { body } = await complete(id, await begin(id));
  expect(body).toMatchObject({
    status: 'working',
    serverName: 'tools',
    tools: [{ name: 'echo' }, { name: 'fail' }],
  });
  expect((await call(id)).body).toMatchObject({ content: [{ text: 'Hello' }] });
  const [row] = await ownerSql('select * from mcp_connections where id = $1', [id]);
  const seen = JSON.stringify([row, body, app.log]);
  for (const secret of [login.accessToken!, login.refreshToken!]) expect(seen).not.toContain(secret);
});

it('a consent is completed by the person who began it, for its connection, once, within ten minutes', async () => {
  const id = await create();
  const other = await create();
  const colleague = await app.person({ organizationId: owner.organizationId, role: 'admin' });
  const answer = await begin(id);
  const none = { status: 404, body: { code: 'mcp_consents.not_found' } };
  expect(await complete(id, answer, colleague.token)).toMatchObject(none);
  expect(await complete(other, answer)).toMatchObject(none);
  expect(await complete(id, { ...answer, state: 'another' })).toMatchObject(none);
  expect((await complete(id, answer)).status).toBe(200);
  expect(await complete(id, answer)).toMatchObject(none);
  const late = await begin(id);
  app.clock.advanceSeconds(600);
  expect(await complete(id, late, (await withFreshToken(app, owner)).token)).toMatchObject(none);
});

it('an API key cannot consent', async () => {
  const id = await create();
  const { body } = await app.send('POST', '/api/v1/api-keys', {
    token: owner.token,
    body: { name: 'Key', scopes: ['ai-settings:write', 'ai:read'] },
  });
  const refused = await send('POST', `/${id}/consent`, undefined, body.secret);
  expect(refused.body).toMatchObject({ code: 'mcp_consents.person_needed' });
});

it('a token that ends is refreshed once, however many calls need it', async () => {
  login.expiresIn = 30;
  const id = await connect();
  const before = login.refreshes();
  login.expiresIn = 3_600;
  const answers = await Promise.all(Array.from({ length: 4 }, () => call(id)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(login.refreshes() - before).toBe(1);
});

it('a token that the server refuses early is refreshed, and the call made again', async () => {
  const id = await connect();
  login.accessToken = 'another one';
  expect((await call(id)).status).toBe(200);
});

it('a server that forbids a call takes no consent away, and its token is not refreshed', async () => {
  const id = await connect();
  const before = login.refreshes();
  login.isForbidding = true;
  expect((await call(id)).status).toBeGreaterThanOrEqual(400);
  expect(login.refreshes()).toBe(before);
  login.isForbidding = false;
  expect((await call(id)).status).toBe(200);
});

it('a tool that wants more scope is refused alone, and the next consent asks for that scope, too', async () => {
  const id = await connect();
  const before = login.refreshes();
  login.toolOutOfScope = 'fail';
  const refused = await send('POST', `/${id}/call`, { tool: 'fail', arguments: {} });
  expect(refused.body).toMatchObject({ code: 'mcp_connections.scope_missing' });
  expect((await call(id)).status).toBe(200);
  expect(login.refreshes()).toBe(before);
  expect((await send('GET', `/${id}`)).body).toMatchObject({ status: 'working', missingScope: 'tools fail' });
  const { body } = await send('POST', `/${id}/consent`);
  expect(new URL(body.authorizationUrl).searchParams.get('scope')).toBe('tools fail');
  login.toolOutOfScope = undefined;
  const consented = await complete(id, login.consent(body.authorizationUrl));
  expect(consented.body).toMatchObject({ status: 'working', missingScope: null });
});

it('a consent that was taken back leaves the connection in need of another, which makes it work again', async () => {
  const id = await connect();
  login.accessToken = undefined;
  login.refreshToken = undefined;
  expect((await call(id)).body).toMatchObject({ code: 'mcp_connections.needs_authorization' });
  expect(await problemOf(id)).toEqual(['needs_authorization', 'authorization_ended']);
  expect((await send('POST', `/${id}/test`)).body).toMatchObject({ status: 'needs_authorization' });
  expect((await complete(id, await begin(id))).body).toMatchObject({ status: 'working' });
  expect((await call(id)).status).toBe(200);
});

it('a failure of the authorization server that may pass leaves the consent as it is', async () => {
  const id = await connect();
  const { accessToken } = login;
  login.accessToken = 'another one';
  login.tokenFault = () => new Response('later', { status: 503 });
  expect((await call(id)).status).toBe(502);
  expect(await problemOf(id)).toEqual(['working', null]);
  login.tokenFault = undefined;
  login.accessToken = accessToken;
  expect((await call(id)).status).toBe(200);
});

it('a consent ends with the membership of the person who gave it', async () => {
  const admin = await app.person({ organizationId: owner.organizationId, role: 'admin' });
  const id = await create();
  const { body } = await send('POST', `/${id}/consent`, undefined, admin.token);
  expect((await complete(id, login.consent(body.authorizationUrl), admin.token)).status).toBe(200);
  const { body: members } = await app.send('GET', `/api/v1/organizations/${owner.organizationId}/members`, {
    token: owner.token,
  });
  const { id: memberId } = members.data.find(({ userId }: { userId: string }) => userId === admin.userId);
  const removed = await app.send(
    'DELETE',
    `/api/v1/organizations/${owner.organizationId}/members/${memberId}`,
    { token: owner.token },
  );
  expect(removed.status).toBe(204);
  await app.drain();
  expect(await problemOf(id)).toEqual(['needs_authorization', 'authorization_ended']);
  const [row] = await ownerSql('select sealed_grant from mcp_connections where id = $1', [id]);
  expect(row).toEqual({ sealed_grant: null });
});

it.each([
  ['names another issuer than its address', () => void (login.metadata = { issuer: 'https://evil.example' })],
  [
    'takes tokens without encryption',
    () => void (login.metadata = { token_endpoint: 'http://login.tools.example/token' }),
  ],
  ['belongs to another resource', () => void (login.resource = { resource: 'https://evil.example/mcp' })],
  ['is at a private address', () => void (login.resource = { authorization_servers: ['https://10.0.0.1'] })],
  ['gives no tokens', () => void (login.tokenFault = () => new Response('<html>'))],
  ['answers without end', () => void (login.tokenFault = () => new Response('a'.repeat(300_000)))],
  ['leads elsewhere', () => void (login.tokenFault = () => Response.redirect('https://evil.example/'))],
])('an authorization server that %s gets no consent', async (_name, misbehave) => {
  misbehave();
  const id = await create();
  const begun = await send('POST', `/${id}/consent`);
  const refused =
    begun.status === 200 ? await complete(id, login.consent(begun.body.authorizationUrl)) : begun;
  expect([422, 502]).toContain(refused.status);
  expect(await problemOf(id)).toEqual(['needs_authorization', 'authorization_missing']);
});

it('an answer of another issuer is refused before its code is used', async () => {
  const id = await create();
  const refused = await complete(id, { ...(await begin(id)), iss: 'https://evil.example' });
  expect(refused.body).toMatchObject({ code: 'mcp_consents.failed' });
  expect(login.requests).toEqual([]);
  const { iss: _iss, ...without } = await begin(id);
  expect((await complete(id, without)).body).toMatchObject({ code: 'mcp_consents.failed' });
});

it('a client of the customer is used as it is', async () => {
  login.metadata = { registration_endpoint: undefined };
  const { body } = await send('POST', '', {
    name: 'Tools',
    url: PROTECTED_SERVER,
    authorization: 'oauth',
    oauthClient: { clientId: 'ours' },
  });
  const { body: begun } = await send('POST', `/${body.id}/consent`);
  expect(new URL(begun.authorizationUrl).searchParams.get('client_id')).toBe('ours');
  expect(new URL(begun.authorizationUrl).origin).toBe(LOGIN_SERVER);
});

it('a client with a secret names its issuer, and its secret goes nowhere else', async () => {
  const createWith = (oauthClient: object) =>
    send('POST', '', { name: 'Tools', url: PROTECTED_SERVER, authorization: 'oauth', oauthClient });
  const secret = { clientId: 'ours', clientSecret: 'a-secret' };
  expect((await createWith(secret)).body.errors).toMatchObject([{ pointer: '/oauthClient/issuer' }]);
  login.metadata = { token_endpoint_auth_methods_supported: ['client_secret_post'] };
  const { body: elsewhere } = await createWith({ ...secret, issuer: 'https://login.ours.example' });
  const refused = await send('POST', `/${elsewhere.id}/consent`);
  expect([refused.status, refused.body.code]).toEqual([422, 'mcp_consents.failed']);
  const { body: right } = await createWith({ ...secret, issuer: LOGIN_SERVER });
  expect(await complete(right.id, await begin(right.id))).toMatchObject({ body: { status: 'working' } });
  expect(login.requests.at(-1)!.body.get('client_secret')).toBe('a-secret');
});
