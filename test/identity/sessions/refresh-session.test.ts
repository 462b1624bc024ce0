import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { logIn, refresh, type SignedIn, signUp, sortedStatuses, whoAmI } from '../../support/sign-in.ts';
import { ownerSql } from '../../contract/sql.ts';

const REUSED = { status: 401, body: { code: 'accounts.refresh_token_reused' } };
const IN_PROGRESS = { status: 409, body: { code: 'accounts.refresh_in_progress' } };
const INVALID = { status: 401, body: { code: 'accounts.refresh_token_invalid' } };
let app: TestApp;

beforeAll(() => {
  app = createTestApp();
});

async function organizationOf({ accessToken }: SignedIn): Promise<string> {
  return (await whoAmI(app, accessToken)).organizationId;
}

describe('refreshing a session', () => {
  it('exchanges the token for the next one in two round trips, one read and one commit', async () => {
    const person = await signUp(app);
    const before = app.roundTrips();
    const next = await refresh(app, person.refreshToken);
    expect(app.roundTrips() - before).toBe(2);
    expect(next.status).toBe(200);
    expect(next.body.refreshToken).not.toBe(person.refreshToken);
    expect(await whoAmI(app, next.body.accessToken)).toMatchObject({ id: person.userId, role: 'owner' });
    expect((await refresh(app, next.body.refreshToken)).status).toBe(200);
  });

  it('accepts one of several parallel requests and refuses the others without consequences', async () => {
    const person = await signUp(app);
    const all = await Promise.all(Array.from({ length: 5 }, () => refresh(app, person.refreshToken)));
    expect(sortedStatuses(all)).toEqual([200, 409, 409, 409, 409]);
    const won = all.find((each) => each.status === 200)!;
    expect((await refresh(app, won.body.refreshToken)).status).toBe(200);
  });

  it('ends the session on a second use after ten seconds, with an event and a warning in the audit log', async () => {
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
    // Live objects close the sockets of the session when they get its event.
    const events = await ownerSql("select type from outbox where payload ->> 'userId' = $1", [person.userId]);
    expect(events.filter(({ type }) => type === 'session.ended')).toHaveLength(1);
  });

  it('keeps the user’s other sessions when a token was used twice', async () => {
    const laptop = await signUp(app);
    const phone = await logIn(app, laptop);
    await refresh(app, laptop.refreshToken);
    app.clock.advanceSeconds(11);
    expect(await refresh(app, laptop.refreshToken)).toMatchObject(REUSED);
    expect((await refresh(app, phone.refreshToken)).status).toBe(200);
  });

  it('repeats a lost response for the same idempotency key, and treats another key as a second use', async () => {
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

  it('gives the same refusal for an unknown and an expired token', async () => {
    const person = await signUp(app);
    expect(await refresh(app, `alr_${'A'.repeat(43)}`)).toMatchObject(INVALID);
    app.clock.advanceSeconds(604_801);
    expect(await refresh(app, person.refreshToken)).toMatchObject(INVALID);
  });

  it('issues the current role, and no organization to a suspended member', async () => {
    const person = await signUp(app);
    await ownerSql("update members set role = 'admin' where user_id = $1", [person.userId]);
    const asAdmin = await refresh(app, person.refreshToken);
    expect(await whoAmI(app, asAdmin.body.accessToken)).toMatchObject({ role: 'admin' });
    await ownerSql("update members set status = 'suspended' where user_id = $1", [person.userId]);
    const suspended = await refresh(app, asAdmin.body.refreshToken);
    expect(await whoAmI(app, suspended.body.accessToken)).toMatchObject({ organizationId: null });
  });

  it('issues the current plan of the organization, and none without an organization', async () => {
    const person = await signUp(app);
    await ownerSql("update organizations set plan = 'pro' where id = $1", [await organizationOf(person)]);
    const onPro = await refresh(app, person.refreshToken);
    expect(decodeJwt(onPro.body.accessToken)).toMatchObject({ plan: 'pro' });
    await ownerSql("update members set status = 'suspended' where user_id = $1", [person.userId]);
    const suspended = await refresh(app, onPro.body.refreshToken);
    expect(decodeJwt(suspended.body.accessToken)).not.toHaveProperty('plan');
  });

  it('keeps the token usable when the commit fails', async () => {
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
