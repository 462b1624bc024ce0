import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { logIn, refresh, type SignedIn, signUp, sortedStatuses, whoAmI } from '../../support/sign-in.ts';
import { ownerSql } from '../../contract/sql.ts';

let app: TestApp;

beforeAll(() => {
  app = createTestApp();
});

const REUSED = { status: 401, body: { code: 'accounts.refresh_token_reused' } };
const IN_PROGRESS = { status: 409, body: { code: 'accounts.refresh_in_progress' } };
const INVALID = { status: 401, body: { code: 'accounts.refresh_token_invalid' } };

async function organizationOf({ accessToken }: SignedIn): Promise<string> {
  return (await whoAmI(app, accessToken)).organizationId;
}

describe('refreshing', () => {
  it('exchanges the token for the next one in one round trip to read and one to write', async () => {
    const person = await signUp(app);
    const before = app.roundTrips();
    const next = await refresh(app, person.refreshToken);
    expect(app.roundTrips() - before).toBe(2);
    expect(next.status).toBe(200);
    expect(next.body.refreshToken).not.toBe(person.refreshToken);
    expect(await whoAmI(app, next.body.accessToken)).toMatchObject({ id: person.userId, role: 'owner' });
    expect((await refresh(app, next.body.refreshToken)).status).toBe(200);
  });

  it('lets one of several parallel calls through and does not punish the others', async () => {
    const person = await signUp(app);
    const all = await Promise.all(Array.from({ length: 5 }, () => refresh(app, person.refreshToken)));
    expect(sortedStatuses(all)).toEqual([200, 409, 409, 409, 409]);
    const won = all.find((each) => each.status === 200)!;
    expect((await refresh(app, won.body.refreshToken)).status).toBe(200);
  });

  it('answers a late second use with the end of the whole family, and says so as a warning', async () => {
    const person = await signUp(app);
    const organizationId = await organizationOf(person);
    const next = await refresh(app, person.refreshToken);
    app.clock.advanceSeconds(9);
    expect(await refresh(app, person.refreshToken)).toMatchObject(IN_PROGRESS);
    app.clock.advanceSeconds(2);
    expect(await refresh(app, person.refreshToken)).toMatchObject(REUSED);
    expect(await refresh(app, next.body.refreshToken)).toMatchObject(INVALID);
    expect(await refresh(app, person.refreshToken)).toMatchObject(INVALID);
    const audit = await ownerSql(
      "select severity from audit_logs where organization_id = $1 and action = 'session.refresh_token_reused'",
      [organizationId],
    );
    expect(audit).toEqual([{ severity: 'warning' }]);
  });

  it('leaves the other sessions of the person alone when a family ends', async () => {
    const laptop = await signUp(app);
    const phone = await logIn(app, laptop);
    await refresh(app, laptop.refreshToken);
    app.clock.advanceSeconds(11);
    expect(await refresh(app, laptop.refreshToken)).toMatchObject(REUSED);
    expect((await refresh(app, phone.refreshToken)).status).toBe(200);
  });

  it('gives a lost answer again for the same idempotency key, but no wrong one to a thief', async () => {
    const person = await signUp(app);
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const first = await refresh(app, person.refreshToken, headers);
    app.clock.advanceSeconds(60);
    const again = await refresh(app, person.refreshToken, headers);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    const otherKey = { 'idempotency-key': crypto.randomUUID() };
    expect(await refresh(app, person.refreshToken, otherKey)).toMatchObject(REUSED);
  });

  it('refuses an unknown and an expired token alike', async () => {
    const person = await signUp(app);
    expect(await refresh(app, `alr_${'A'.repeat(43)}`)).toMatchObject(INVALID);
    app.clock.advanceSeconds(604_801);
    expect(await refresh(app, person.refreshToken)).toMatchObject(INVALID);
  });

  it('follows the person’s place: another role at once, no token for where they are suspended', async () => {
    const person = await signUp(app);
    await ownerSql("update members set role = 'admin' where user_id = $1", [person.userId]);
    const asAdmin = await refresh(app, person.refreshToken);
    expect(await whoAmI(app, asAdmin.body.accessToken)).toMatchObject({ role: 'admin' });
    await ownerSql("update members set status = 'suspended' where user_id = $1", [person.userId]);
    const suspended = await refresh(app, asAdmin.body.refreshToken);
    expect(await whoAmI(app, suspended.body.accessToken)).toMatchObject({ organizationId: null });
  });

  it('leaves the token good when the commit fails', async () => {
    const person = await signUp(app);
    const { commit } = app.services.database;
    app.services.database.commit = (scope, build) =>
      commit(scope, (q) => [...build(q), q.execute("select guard(false, 'server.unavailable')")]);
    const failed = await refresh(app, person.refreshToken);
    app.services.database.commit = commit;
    expect(failed.status).toBe(503);
    expect((await refresh(app, person.refreshToken)).status).toBe(200);
  });
});

describe('switching', () => {
  const switchTo = (person: SignedIn, organizationId: string) =>
    app.send('POST', '/api/v1/auth/switch', { token: person.accessToken, body: { organizationId } });

  it('goes on in another organization, remembers it, and exchanges the refresh token', async () => {
    const person = await signUp(app);
    const other = await app.person();
    await ownerSql(
      `insert into members (id, organization_id, user_id, role, created_at, updated_at)
       values ($1, $2, $3, 'member', now(), now())`,
      [app.services.ids.create('member'), other.organizationId, person.userId],
    );
    const switched = await switchTo(person, other.organizationId);
    expect(switched.status).toBe(200);
    expect(await whoAmI(app, switched.body.accessToken)).toMatchObject({
      organizationId: other.organizationId,
      role: 'member',
    });
    expect(await refresh(app, person.refreshToken)).toMatchObject(IN_PROGRESS);
    const next = await refresh(app, switched.body.refreshToken);
    expect((await whoAmI(app, next.body.accessToken)).organizationId).toBe(other.organizationId);
    app.clock.advanceSeconds(1);
    const later = await logIn(app, person);
    expect((await whoAmI(app, later.accessToken)).organizationId).toBe(other.organizationId);
  });

  it('answers a foreign organization like one that does not exist', async () => {
    const person = await signUp(app);
    const stranger = await app.person();
    for (const organizationId of [stranger.organizationId, app.services.ids.create('organization')])
      expect(await switchTo(person, organizationId)).toMatchObject({
        status: 404,
        body: { code: 'accounts.not_a_member' },
      });
  });

  it('leaves one live refresh token when two switches race', async () => {
    const person = await signUp(app);
    const organizationId = await organizationOf(person);
    const both = await Promise.all([switchTo(person, organizationId), switchTo(person, organizationId)]);
    expect(both.map((each) => each.status)).toEqual([200, 200]);
    const refreshed = [];
    for (const { body } of both) refreshed.push(await refresh(app, body.refreshToken));
    expect(sortedStatuses(refreshed)).toEqual([200, 409]);
  });

  it('is over with the session', async () => {
    const person = await signUp(app);
    const organizationId = await organizationOf(person);
    await app.send('POST', '/api/v1/auth/logout', { token: person.accessToken });
    expect(await switchTo(person, organizationId)).toMatchObject({
      status: 401,
      body: { code: 'accounts.session_ended' },
    });
  });
});

describe('logging out', () => {
  it('ends the session with its refresh token, and a second time changes nothing', async () => {
    const person = await signUp(app);
    const logOut = () => app.send('POST', '/api/v1/auth/logout', { token: person.accessToken });
    expect((await logOut()).status).toBe(204);
    expect(await refresh(app, person.refreshToken)).toMatchObject(INVALID);
    expect((await logOut()).status).toBe(204);
    const audit = await ownerSql(
      "select id from audit_logs where action = 'user.logged_out' and actor_id = $1",
      [person.userId],
    );
    expect(audit).toHaveLength(1);
  });
});
