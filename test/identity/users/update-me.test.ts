import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { logIn, type SignedIn, signUp, whoAmI } from '../../support/sign-in.ts';
import { ownerSql } from '../../contract/sql.ts';

const ME = '/api/v1/users/me';
let app: TestApp;

beforeAll(() => {
  app = createTestApp();
});

const patch = (person: SignedIn, body: unknown, headers: Record<string, string> = {}) =>
  app.send('PATCH', ME, { token: person.accessToken, body, headers });

describe('the current user', () => {
  it('is read in one round trip and updated in two more', async () => {
    const person = await signUp(app);
    const before = app.roundTrips();
    const read = await app.send('GET', ME, { token: person.accessToken });
    expect(app.roundTrips() - before).toBe(1);
    expect(read.body).toMatchObject({ id: person.userId, email: person.email });
    const changed = await patch(person, {
      bio: 'Counts',
      timeZone: 'Europe/Madrid',
      metadata: { tea: true },
    });
    expect(app.roundTrips() - before).toBe(3);
    expect(changed.status).toBe(200);
    expect((await app.send('GET', ME, { token: person.accessToken })).body).toEqual(changed.body);
    expect(changed.body).toMatchObject({ bio: 'Counts', timeZone: 'Europe/Madrid', metadata: { tea: true } });
  });

  it('refuses a stale version and records the changed fields in the organization’s audit log', async () => {
    const person = await signUp(app);
    const read = await app.send('GET', ME, { token: person.accessToken });
    const headers = { 'if-match': read.headers.get('etag')! };
    expect((await patch(person, { name: 'Countess' }, headers)).status).toBe(200);
    expect(await patch(person, { name: 'Again' }, headers)).toMatchObject({ status: 412 });
    const { organizationId } = await whoAmI(app, person.accessToken);
    const audit = await ownerSql(
      "select before, after from audit_logs where organization_id = $1 and action = 'user.updated'",
      [organizationId],
    );
    expect(audit).toEqual([{ before: { name: 'Ada Lovelace' }, after: { name: 'Countess' } }]);
  });

  it.each([
    ['locale', 'not a locale!'],
    ['timeZone', 'Mars/Olympus'],
    ['avatarUrl', 'http://pictures.example/a.png'],
    ['email', 'other@auralink.test'],
  ])('refuses an invalid or read-only %s', async (field, value) => {
    const person = await signUp(app);
    const answer = await patch(person, { [field]: value });
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].pointer).toBe(`/${field}`);
  });

  it('can update the account and log out without belonging to an organization', async () => {
    const person = await signUp(app);
    await ownerSql('delete from members where user_id = $1', [person.userId]);
    const signedIn = await logIn(app, person);
    expect((await patch(signedIn, { name: 'Nomad' })).status).toBe(200);
    expect((await app.send('POST', '/api/v1/auth/logout', { token: signedIn.accessToken })).status).toBe(204);
  });
});
