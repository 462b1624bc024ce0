import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { logIn, refresh, type SignedIn, signUp } from '../../support/sign-in.ts';
import { ownerSql } from '../../contract/sql.ts';

const ME = '/api/v1/users/me';
const INVALID = { status: 401, body: { code: 'accounts.refresh_token_invalid' } };
let app: TestApp;

beforeAll(() => {
  app = createTestApp();
});

describe('sessions of the current user', () => {
  const listSessions = async (person: SignedIn, query = '') =>
    (await app.send('GET', `${ME}/sessions${query}`, { token: person.accessToken })).body;

  it('lists the active sessions page by page, and ends one of them', async () => {
    const laptop = await signUp(app);
    app.clock.advanceSeconds(1);
    const phone = await logIn(app, laptop);
    const { data } = await listSessions(laptop);
    expect(data.map((each: { current: boolean }) => each.current)).toEqual([true, false]);
    const first = await listSessions(laptop, '?limit=1');
    const second = await listSessions(laptop, `?limit=1&cursor=${first.nextCursor}`);
    expect([...first.data, ...second.data]).toEqual(data);
    expect(second.nextCursor).toBeNull();
    const path = `${ME}/sessions/${data[1].id}`;
    expect((await app.send('DELETE', path, { token: laptop.accessToken })).status).toBe(204);
    expect((await refresh(app, phone.refreshToken)).status).toBe(401);
    expect((await listSessions(laptop)).data).toHaveLength(1);
    expect(await app.send('DELETE', path, { token: laptop.accessToken })).toMatchObject({ status: 404 });
  });

  it('answers the same for another user’s session as for one that does not exist', async () => {
    const [one, other] = [await signUp(app), await signUp(app)];
    const [{ id }] = (await listSessions(other)).data;
    const answer = await app.send('DELETE', `${ME}/sessions/${id}`, { token: one.accessToken });
    expect(answer).toMatchObject({ status: 404, body: { code: 'accounts.session_not_found' } });
    expect((await refresh(app, other.refreshToken)).status).toBe(200);
  });
});

describe('logging out', () => {
  it('ends the session, its refresh token and its access tokens', async () => {
    const person = await signUp(app);
    const logOut = () => app.send('POST', '/api/v1/auth/logout', { token: person.accessToken });
    expect((await logOut()).status).toBe(204);
    expect(await refresh(app, person.refreshToken)).toMatchObject(INVALID);
    expect(await logOut()).toMatchObject({ status: 401, body: { code: 'auth.invalid_token' } });
    const audit = await ownerSql(
      "select id from audit_logs where action = 'user.logged_out' and actor_id = $1",
      [person.userId],
    );
    expect(audit).toHaveLength(1);
  });
});

describe('a person without an organization', () => {
  it('ends sessions as everybody does, which no audit log holds', async () => {
    const person = await signUp(app);
    const { body: me } = await app.send('GET', '/api/v1/auth/whoami', { token: person.accessToken });
    const organization = `/api/v1/organizations/${me.organizationId}`;
    expect(await app.send('DELETE', organization, { token: person.accessToken })).toMatchObject({
      status: 204,
    });
    const entries = () => ownerSql('select id from audit_logs where actor_id = $1', [person.userId]);
    const before = await entries();
    const [first, second, third] = [
      await logIn(app, person),
      await logIn(app, person),
      await logIn(app, person),
    ];

    const rotated = await refresh(app, first.refreshToken);
    expect(rotated).toMatchObject({ status: 200 });
    app.clock.advanceSeconds(60);
    expect(await refresh(app, first.refreshToken)).toMatchObject({
      status: 401,
      body: { code: 'accounts.refresh_token_reused' },
    });
    expect(await app.send('POST', '/api/v1/auth/logout', { token: second.accessToken })).toMatchObject({
      status: 204,
    });
    expect(await refresh(app, second.refreshToken)).toMatchObject(INVALID);
    expect(await app.send('DELETE', `${ME}/sessions`, { token: third.accessToken })).toMatchObject({
      status: 204,
    });
    expect(await refresh(app, third.refreshToken)).toMatchObject(INVALID);
    expect(await entries()).toEqual(before);
  });
});
