import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { logIn, refresh, type SignedIn, signUp, sortedStatuses, whoAmI } from '../../support/sign-in.ts';
import { ownerSql } from '../../contract/sql.ts';

const IN_PROGRESS = { status: 409, body: { code: 'accounts.refresh_in_progress' } };
let app: TestApp;

beforeAll(() => {
  app = createTestApp();
});

async function organizationOf({ accessToken }: SignedIn): Promise<string> {
  return (await whoAmI(app, accessToken)).organizationId;
}

describe('switching organization', () => {
  const switchTo = (person: SignedIn, organizationId: string) =>
    app.send('POST', '/api/v1/auth/switch', { token: person.accessToken, body: { organizationId } });

  it('continues in another organization, replaces the refresh token, and the next log-in starts there', async () => {
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

  it('answers the same for a foreign organization as for one that does not exist', async () => {
    const person = await signUp(app);
    const outsider = await app.person();
    for (const organizationId of [outsider.organizationId, app.services.ids.create('organization')])
      expect(await switchTo(person, organizationId)).toMatchObject({
        status: 404,
        body: { code: 'accounts.not_a_member' },
      });
  });

  it('leaves one usable refresh token after two concurrent switches', async () => {
    const person = await signUp(app);
    const organizationId = await organizationOf(person);
    const both = await Promise.all([switchTo(person, organizationId), switchTo(person, organizationId)]);
    expect(both.map((each) => each.status)).toEqual([200, 200]);
    const refreshed = [];
    for (const { body } of both) refreshed.push(await refresh(app, body.refreshToken));
    expect(sortedStatuses(refreshed)).toEqual([200, 409]);
  });

  it('is refused once the session has ended', async () => {
    const person = await signUp(app);
    const organizationId = await organizationOf(person);
    await app.send('POST', '/api/v1/auth/logout', { token: person.accessToken });
    expect(await switchTo(person, organizationId)).toMatchObject({
      status: 401,
      body: { code: 'auth.invalid_token' },
    });
  });
});
