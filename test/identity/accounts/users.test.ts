import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';
import {
  GOOD_PASSWORD,
  logIn,
  refresh,
  type SignedIn,
  signUp,
  sortedStatuses,
  whoAmI,
} from '../../support/sign-in.ts';
import { ownerSql } from '../../contract/sql.ts';

const ME = '/api/v1/users/me';
const NEW_PASSWORD = 'eight-daisies-in-a-vase';
let app: TestApp;

beforeAll(() => {
  app = createTestApp();
});

const patch = (person: SignedIn, body: unknown, headers: Record<string, string> = {}) =>
  app.send('PATCH', ME, { token: person.accessToken, body, headers });

describe('the caller', () => {
  it('reads in one round trip and changes in two', async () => {
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

  it('refuses a stale version, and says what changed in the organization', async () => {
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
  ])('refuses a wrong %s', async (field, value) => {
    const person = await signUp(app);
    const answer = await patch(person, { [field]: value });
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].pointer).toBe(`/${field}`);
  });

  it('may look after the account also without any organization', async () => {
    const person = await signUp(app);
    await ownerSql('delete from members where user_id = $1', [person.userId]);
    const signedIn = await logIn(app, person);
    expect((await patch(signedIn, { name: 'Nomad' })).status).toBe(200);
    expect((await app.send('POST', '/api/v1/auth/logout', { token: signedIn.accessToken })).status).toBe(204);
  });
});

describe('sessions', () => {
  const listSessions = async (person: SignedIn, query = '') =>
    (await app.send('GET', `${ME}/sessions${query}`, { token: person.accessToken })).body;

  it('lists where the caller is signed in, page by page, and ends one of them', async () => {
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

  it('answers another person’s session like one that does not exist', async () => {
    const [one, other] = [await signUp(app), await signUp(app)];
    const [{ id }] = (await listSessions(other)).data;
    const answer = await app.send('DELETE', `${ME}/sessions/${id}`, { token: one.accessToken });
    expect(answer).toMatchObject({ status: 404, body: { code: 'accounts.session_not_found' } });
    expect((await refresh(app, other.refreshToken)).status).toBe(200);
  });
});

describe('changing the password', () => {
  const changePassword = (person: SignedIn, currentPassword: string, newPassword = NEW_PASSWORD) =>
    app.send('POST', `${ME}/password`, { token: person.accessToken, body: { currentPassword, newPassword } });

  it('needs the current one, ends the other sessions and tells the person', async () => {
    const laptop = await signUp(app);
    const phone = await logIn(app, laptop);
    expect(await changePassword(laptop, 'not-the-password')).toMatchObject({
      status: 403,
      body: { code: 'accounts.wrong_password' },
    });
    const before = app.roundTrips();
    expect((await changePassword(laptop, GOOD_PASSWORD)).status).toBe(204);
    expect(app.roundTrips() - before).toBe(2);
    expect((await refresh(app, phone.refreshToken)).status).toBe(401);
    expect((await refresh(app, laptop.refreshToken)).status).toBe(200);
    await expect(logIn(app, laptop)).rejects.toThrow('invalid_credentials');
    await logIn(app, { ...laptop, password: NEW_PASSWORD });
    await app.drain();
    expect(app.mailbox.latestTo(laptop.email).subject).toBe('Your password was changed');
  });

  it('holds the new one to the same rules', async () => {
    const person = await signUp(app);
    const answer = await changePassword(person, GOOD_PASSWORD, 'password1234');
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ pointer: '/newPassword' }]);
  });

  it('lets one of two racing changes through', async () => {
    const person = await signUp(app);
    const both = await Promise.all([
      changePassword(person, GOOD_PASSWORD, NEW_PASSWORD),
      changePassword(person, GOOD_PASSWORD, `${NEW_PASSWORD}-too`),
    ]);
    expect(sortedStatuses(both)).toEqual([204, 403]);
  });
});
