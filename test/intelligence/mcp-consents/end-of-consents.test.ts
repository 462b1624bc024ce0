import { beforeEach, describe, expect, it } from 'vitest';
import { grantOfConnection } from '../../../src/intelligence/mcp-connections/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { type AuthorizationServer, PROTECTED_SERVER } from '../../support/authorization-server.ts';
import { GOOD_PASSWORD, logIn, signUp } from '../../support/sign-in.ts';
import { withFreshToken } from '../../support/tokens.ts';
import { ownerSql } from '../../contract/sql.ts';

const listPath = '/api/v1/mcp/connections';

let app: TestApp;
let owner: Person;
let admin: Person;
let login: AuthorizationServer;
let id: string;

beforeEach(async () => {
  app = createTestApp();
  login = app.authorizationServer;
  owner = await app.person();
  admin = await app.person({ organizationId: owner.organizationId, role: 'admin' });
  id = await connect(['echo']);
});

const send = (method: string, path: string, body?: unknown, { token } = owner) =>
  app.send(method, `${listPath}${path}`, { token, ...(body === undefined ? {} : { body }) });

const begin = async (connectionId: string) => {
  const { body } = await send('POST', `/${connectionId}/consent`, undefined, admin);
  return login.consent(body.authorizationUrl);
};
const complete = (connectionId: string, answer: object) =>
  send('POST', `/${connectionId}/consent/complete`, answer, admin);
const create = async (allowedTools: string[] | null) => {
  const fields = { name: 'Tools', url: PROTECTED_SERVER, authorization: 'oauth', allowedTools };
  return (await send('POST', '', fields)).body.id as string;
};
/** A connection that the admin has consented to. */
async function connect(allowedTools: string[] | null): Promise<string> {
  const connectionId = await create(allowedTools);
  const consented = await complete(connectionId, await begin(connectionId));
  expect(consented.body).toMatchObject({ status: 'working', consentedBy: admin.userId });
  return connectionId;
}
const seen = async () => (await send('GET', `/${id}`)).body;
const ENDED = { status: 'needs_authorization', problem: 'authorization_ended', consentedBy: null };
const WORKING = { status: 'working', problem: null };

async function expectEnded(refreshToken: string | undefined): Promise<void> {
  await app.drain();
  expect(await seen()).toMatchObject(ENDED);
  expect(login.revoked()).toEqual([refreshToken]);
}

describe('a consent that somebody else makes more of ends, and its token is revoked', () => {
  it.each([
    ['all tools', { allowedTools: null }],
    ['another tool', { allowedTools: ['echo', 'fail'] }],
    ['a tool without confirmation', { unconfirmedTools: ['echo'] }],
  ])('%s', async (_name, body) => {
    const { refreshToken } = login;
    expect((await send('PATCH', `/${id}`, body)).status).toBe(200);
    await expectEnded(refreshToken);
  });

  it('switched on again', async () => {
    const { refreshToken } = login;
    await send('PATCH', `/${id}`, { enabled: false });
    expect(await seen()).toMatchObject(WORKING);
    await send('PATCH', `/${id}`, { enabled: true });
    await expectEnded(refreshToken);
  });
});

it('a consent stays when the person makes more of it, or somebody else less', async () => {
  await send('PATCH', `/${id}`, { allowedTools: null, unconfirmedTools: ['echo'] }, admin);
  await send('PATCH', `/${id}`, { allowedTools: ['echo'], unconfirmedTools: [], name: 'Fewer' });
  expect(await seen()).toMatchObject({ ...WORKING, consentedBy: admin.userId });
});

it('a consent that was begun before somebody made more of it is not completed', async () => {
  const other = await create(['echo']);
  const answer = await begin(other);
  app.clock.advanceSeconds(1);
  await send('PATCH', `/${other}`, { allowedTools: null });
  expect((await complete(other, answer)).body).toMatchObject({ code: 'mcp_consents.failed' });
});

it('a consent is not completed when somebody makes more of it at this moment', async () => {
  const other = await create(['echo']);
  const answer = await begin(other);
  app.clock.advanceSeconds(1);
  login.beforeToken = () => send('PATCH', `/${other}`, { allowedTools: null });
  expect((await complete(other, answer)).body).toMatchObject({ code: 'mcp_consents.failed' });
  expect(login.revoked()).toEqual([login.refreshToken]);
  expect((await send('GET', `/${other}`)).body).toMatchObject({
    status: 'needs_authorization',
    consentedBy: null,
  });
});

it('a consent of a person who loses the permission at this moment is not completed, and its token is revoked', async () => {
  const other = await create(['echo']);
  const answer = await begin(other);
  login.beforeToken = () => ownerSql("update members set role = 'member' where user_id = $1", [admin.userId]);
  expect((await complete(other, answer)).status).toBe(401);
  await app.drain();
  expect(login.revoked()).toEqual([login.refreshToken]);
  expect((await send('GET', `/${other}`)).body).toMatchObject({ consentedBy: null });
});

describe('a consent is taken back', () => {
  const takeBack = (person: Person) => send('DELETE', `/${id}/consent`, undefined, person);

  it('by the person whatever their role, and its token is revoked', async () => {
    const { refreshToken } = login;
    await ownerSql("update members set role = 'member' where user_id = $1", [admin.userId]);
    const lowered = await withFreshToken(app, admin, 'member');
    expect(await takeBack(lowered)).toMatchObject({ status: 204 });
    await expectEnded(refreshToken);
    expect(await takeBack(lowered)).toMatchObject({ status: 404 });
  });

  it('while its token is refreshed: the new one is revoked, too', async () => {
    const { refreshToken } = login;
    app.clock.advanceSeconds(3_600);
    const [before, by] = [await withFreshToken(app, owner), await withFreshToken(app, admin)];
    login.beforeToken = () => takeBack(by);
    const path = `/${id}/call`;
    const called = await send('POST', path, { tool: 'echo', arguments: {} }, before);
    expect(called.body).toMatchObject({ code: 'mcp_connections.needs_authorization' });
    await app.drain();
    expect(login.revoked()).toEqual([refreshToken, login.refreshToken]);
  });

  it('by those who manage connections, and by no other', async () => {
    const member = await app.person({ organizationId: owner.organizationId, role: 'member' });
    const none = { status: 404, body: { code: 'mcp_consents.not_found' } };
    expect(await takeBack(member)).toMatchObject(none);
    expect(await takeBack(await app.person())).toMatchObject(none);
    expect(await seen()).toMatchObject(WORKING);
    expect(await takeBack(owner)).toMatchObject({ status: 204 });
    expect(await seen()).toMatchObject(ENDED);
  });
});

it('a consent ends with the permission to give one', async () => {
  const { refreshToken } = login;
  const path = `/api/v1/organizations/${owner.organizationId}/members`;
  const { body } = await app.send('GET', path, { token: owner.token });
  const { id: memberId } = body.data.find(({ userId }: { userId: string }) => userId === admin.userId);
  const change = (role: string) =>
    app.send('PATCH', `${path}/${memberId}`, { token: owner.token, body: { role } });
  expect((await change('member')).status).toBe(200);
  await expectEnded(refreshToken);
});

it('a consent ends when the person requests the deletion of their account', async () => {
  const { refreshToken } = login;
  const signedUp = await signUp(app);
  await ownerSql(
    "insert into members (id, organization_id, user_id, role, created_at, updated_at) values ($1, $2, $3, 'admin', now(), now())",
    [app.services.ids.create('member'), owner.organizationId, signedUp.userId],
  );
  const { body: own } = await app.send('GET', '/api/v1/auth/whoami', { token: signedUp.accessToken });
  await app.send('DELETE', `/api/v1/organizations/${own.organizationId}`, { token: signedUp.accessToken });
  const leaving = await logIn(app, signedUp);
  await ownerSql('update mcp_connections set consented_by = $2 where id = $1', [id, leaving.userId]);
  const requested = await app.send('POST', '/api/v1/users/me/deletion', {
    token: leaving.accessToken,
    body: { currentPassword: GOOD_PASSWORD },
  });
  expect(requested.status).toBe(200);
  await expectEnded(refreshToken);
});

it('a token is revoked with its connection, also where that fails', async () => {
  const { refreshToken } = login;
  expect((await send('DELETE', `/${id}`)).status).toBe(204);
  await app.drain();
  expect(login.revoked()).toEqual([refreshToken]);
});

it('a test that was under way when the consent ended does not make the connection work again', async () => {
  login.beforeAnswer = async () => {
    login.beforeAnswer = undefined;
    await send('DELETE', `/${id}/consent`, undefined, admin);
  };
  await send('POST', `/${id}/test`);
  expect(await seen()).toMatchObject(ENDED);
});

async function sealAgain(): Promise<string> {
  const [row] = await ownerSql<{ sealed_grant: string }>(
    'select sealed_grant from mcp_connections where id = $1',
    [id],
  );
  const { vault } = app.services;
  const boundTo = grantOfConnection(id);
  return vault.encrypt(await vault.decrypt(row!.sealed_grant, boundTo), boundTo);
}

it('a token that is encrypted again while the server refuses it is refreshed, and no consent ends', async () => {
  // Another token counts: the one of the connection is refused, and meanwhile encrypted again.
  login.accessToken = 'another one';
  login.beforeRefusal = async () => {
    login.beforeRefusal = undefined;
    await ownerSql('update mcp_connections set sealed_grant = $2 where id = $1', [id, await sealAgain()]);
  };
  const called = await send('POST', `/${id}/call`, { tool: 'echo', arguments: { text: 'x' } });
  expect(called.status).toBe(200);
  expect(await seen()).toMatchObject(WORKING);
});
