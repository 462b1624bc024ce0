import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { createEmail, GOOD_PASSWORD, logIn, signUp, sortedStatuses, whoAmI } from '../../support/sign-in.ts';
import { ownerSql } from '../../contract/sql.ts';

let app: TestApp;

beforeAll(() => {
  app = createTestApp();
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  app.send('POST', `/api/v1/auth/${path}`, { body, headers });

const auditOf = (organizationId: string) =>
  ownerSql<{ action: string; severity: string; actor_id: string | null; target_id: string }>(
    'select action, severity, actor_id, target_id from audit_logs where organization_id = $1 order by id',
    [organizationId],
  );

describe('signing up', () => {
  it('creates a user and an organization they own, and signs them in to it', async () => {
    const email = createEmail();
    const answer = await post('signup', {
      email: email.toUpperCase(),
      password: GOOD_PASSWORD,
      name: ' Ada ',
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe('/api/v1/users/me');
    expect(answer.body).toMatchObject({
      user: { email, name: 'Ada', emailVerified: false, locale: 'en' },
      expiresInSeconds: 300,
    });
    expect(answer.body.refreshToken).toMatch(/^alr_[\w-]{43}$/);
    const holder = await whoAmI(app, answer.body.accessToken);
    expect(holder).toMatchObject({ id: answer.body.user.id, role: 'owner', plan: 'free' });
    const list = await app.send('GET', '/api/v1/organizations', { token: answer.body.accessToken });
    expect(list.body.data).toMatchObject([{ id: holder.organizationId, name: "Ada's team" }]);
    const audit = await auditOf(holder.organizationId);
    expect(audit.map((each) => each.action).sort()).toEqual(['organization.created', 'user.signed_up']);
    expect(audit.every((each) => each.actor_id === answer.body.user.id)).toBe(true);
  });

  it('names the first organization with whole characters of a long name', async () => {
    const name = `${'a'.repeat(239)}😀 the first`;
    const { status, body } = await post('signup', { email: createEmail(), password: GOOD_PASSWORD, name });
    expect([status, body.user?.name]).toEqual([201, name]);
    const list = await app.send('GET', '/api/v1/organizations', { token: body.accessToken });
    expect(list.body.data).toMatchObject([{ name: `${'a'.repeat(239)}'s team` }]);
  });

  it('takes two round trips, one read and one commit, as does logging in', async () => {
    const before = app.roundTrips();
    const person = await signUp(app);
    expect(app.roundTrips() - before).toBe(2);
    await logIn(app, person);
    expect(app.roundTrips() - before).toBe(4);
  });

  it('refuses an address that has an account, in any letter case', async () => {
    const { email } = await signUp(app);
    const again = await post('signup', { email: email.toUpperCase(), password: GOOD_PASSWORD, name: 'Eve' });
    expect(again.status).toBe(409);
    expect(again.body.code).toBe('accounts.email_taken');
  });

  it('takes the same work for an address that has an account, and informs the owner of the address by email', async () => {
    const { email } = await signUp(app);
    await app.drain();
    const mails = () => app.mailbox.mails.filter(({ to }) => to === email).map(({ subject }) => subject);
    const { passwords } = app.services.ports;
    let hashes = 0;
    app.services.ports.passwords = { ...passwords, hash: (...asked) => (hashes++, passwords.hash(...asked)) };
    const before = app.roundTrips();
    const again = await post('signup', { email, password: GOOD_PASSWORD, name: 'Eve' });
    app.services.ports.passwords = passwords;
    expect(again.body.code).toBe('accounts.email_taken');
    expect([hashes, app.roundTrips() - before]).toEqual([1, 2]);
    await app.drain();
    expect(mails()).toEqual(['Confirm your email address', 'You have an account already']);
  });

  it('accepts one of two concurrent sign-ups with the same address and stores nothing of the other', async () => {
    const email = createEmail();
    const both = await Promise.all(
      ['Ada', 'Eve'].map((name) => post('signup', { email, password: GOOD_PASSWORD, name })),
    );
    expect(sortedStatuses(both)).toEqual([201, 409]);
    const winner = both.find((each) => each.status === 201)!;
    const users = await ownerSql('select id from users where email = $1', [email]);
    expect(users).toHaveLength(1);
    const organizations = await ownerSql('select id from organizations where created_by = $1', [
      winner.body.user.id,
    ]);
    expect(organizations).toHaveLength(1);
  });

  it.each([
    ['short', 'tulip-42'],
    ['common', 'Password123!'],
    ['a run', '12345678901'],
    ['one letter', 'aaaaaaaaaaaaaa'],
    ['the name', 'Ada Lovelace1'],
    ['too long', 'x1y2z3w4'.repeat(17)],
  ])('refuses a password that is %s', async (_why, password) => {
    const answer = await post('signup', { email: createEmail(), password, name: 'Ada Lovelace' });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ pointer: '/password' }]);
  });

  it('repeats the response for the same idempotency key, and refuses the key with another password', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const body = { email: createEmail(), password: GOOD_PASSWORD, name: 'Ada' };
    const first = await post('signup', body, headers);
    const again = await post('signup', body, headers);
    expect(again.status).toBe(201);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    const other = await post('signup', { ...body, password: `${GOOD_PASSWORD}!` }, headers);
    expect(other.status).toBe(409);
    expect(other.body.code).toBe('idempotency.key_reused');
  });

  it('allows the same idempotency key for two addresses', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const sign = () =>
      post('signup', { email: createEmail(), password: GOOD_PASSWORD, name: 'Ada' }, headers);
    const [one, two] = [await sign(), await sign()];
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(one.body.user.id).not.toBe(two.body.user.id);
  });

  it('stores nothing when the commit fails', async () => {
    const broken = createTestApp();
    const { commit } = broken.services.database;
    broken.services.database.commit = (scope, build) =>
      commit(scope, (q) => [...build(q), q.execute("select guard(false, 'server.unavailable')")]);
    const email = createEmail();
    const answer = await broken.send('POST', '/api/v1/auth/signup', {
      body: { email, password: GOOD_PASSWORD, name: 'Ada Crash' },
    });
    expect(answer.status).toBe(503);
    expect(await ownerSql('select id from users where email = $1', [email])).toEqual([]);
    expect(await ownerSql('select id from organizations where name = $1', ["Ada Crash's team"])).toEqual([]);
  });
});

describe('logging in', () => {
  it('gives the same answer for a wrong password and an unknown address', async () => {
    const { email } = await signUp(app);
    const wrong = await post('login', { email, password: 'not-the-password' });
    const unknown = await post('login', { email: createEmail(), password: 'not-the-password' });
    expect(wrong.status).toBe(401);
    const withoutRequestId = ({ body }: typeof wrong) => ({ ...body, requestId: '' });
    expect(withoutRequestId(unknown)).toEqual(withoutRequestId(wrong));
    expect(wrong.body.code).toBe('accounts.invalid_credentials');
  });

  it('computes exactly one hash for a known address, one without a password and an unknown one', async () => {
    const hasherCalls: string[] = [];
    const counting = createTestApp({
      passwords: {
        hash: async () => (hasherCalls.push('hash'), '$scrypt$ln=4,r=8,p=1$AAAA$AAAA'),
        verify: async () => (hasherCalls.push('verify'), { matches: false, outdated: false }),
      },
    });
    const known = await signUp(app);
    const withoutPassword = await signUp(app);
    await ownerSql('delete from credentials where user_id = $1', [withoutPassword.userId]);
    const codes: string[] = [];
    const trips: number[] = [];
    for (const email of [known.email, withoutPassword.email, createEmail()]) {
      const before = counting.roundTrips();
      const answer = await counting.send('POST', '/api/v1/auth/login', {
        body: { email, password: 'not-the-password' },
      });
      codes.push(answer.body.code);
      trips.push(counting.roundTrips() - before);
    }
    expect(hasherCalls).toEqual(['verify', 'hash', 'hash']);
    expect(new Set(codes)).toEqual(new Set(['accounts.invalid_credentials']));
    // The second of the first two is the audit entry of the failure, written after the answer.
    expect(trips).toEqual([2, 2, 1]);
  });

  it('accepts only the hash of the password credential, not one in the row of another provider', async () => {
    const person = await signUp(app);
    await ownerSql(
      "update credentials set provider_id = 'other', account_id = 'other-' || user_id where user_id = $1",
      [person.userId],
    );
    const answer = await post('login', { email: person.email, password: person.password });
    expect(answer).toMatchObject({ status: 401, body: { code: 'accounts.invalid_credentials' } });
    const change = { currentPassword: person.password, newPassword: 'eight-daisies-in-a-vase' };
    const changed = await app.send('POST', '/api/v1/users/me/password', {
      token: person.accessToken,
      body: change,
    });
    expect(changed).toMatchObject({ status: 403, body: { code: 'accounts.wrong_password' } });
  });

  it('records success and failure in the audit log of the user’s organization', async () => {
    const person = await signUp(app);
    const { organizationId } = await whoAmI(app, person.accessToken);
    app.clock.advanceSeconds(1);
    await post('login', { email: person.email, password: 'not-the-password' });
    app.clock.advanceSeconds(1);
    await logIn(app, person);
    const audit = (await auditOf(organizationId)).slice(2);
    expect(audit).toMatchObject([
      { action: 'user.login_failed', severity: 'warning', actor_id: null, target_id: person.userId },
      { action: 'user.logged_in', severity: 'info', actor_id: person.userId },
    ]);
  });

  it('signs a suspended member, and a member of a deleted organization, in without an organization', async () => {
    const person = await signUp(app);
    const { organizationId } = await whoAmI(app, person.accessToken);
    await ownerSql("update members set status = 'suspended' where user_id = $1", [person.userId]);
    const suspended = await logIn(app, person);
    expect(await whoAmI(app, suspended.accessToken)).toMatchObject({ organizationId: null, role: null });
    await ownerSql("update members set status = 'active' where user_id = $1", [person.userId]);
    await ownerSql('update organizations set deleted_at = now() where id = $1', [organizationId]);
    const signedIn = await logIn(app, person);
    expect(await whoAmI(app, signedIn.accessToken)).toMatchObject({ organizationId: null });
  });

  it('accepts the same password in another Unicode form', async () => {
    const email = createEmail();
    await signUp(app, email, 'crème-brûlée-für-zwei'.normalize('NFD'));
    const answer = await post('login', { email, password: 'crème-brûlée-für-zwei'.normalize('NFC') });
    expect(answer.status).toBe(200);
  });

  it('hashes the password again when it is stored at another cost than the current one', async () => {
    const { createLocalPasswordHasher } = await import('../../../src/identity/passwords/index.ts');
    const person = await signUp(app);
    const stored = async () =>
      (
        await ownerSql<{ password_hash: string }>(
          'select password_hash from credentials where user_id = $1',
          [person.userId],
        )
      )[0]!.password_hash;
    expect(await stored()).toMatch(/^\$scrypt\$ln=4,/);
    const dearer = createTestApp({
      passwords: createLocalPasswordHasher({ parameters: { ln: 5, r: 8, p: 1 } }),
    });
    await logIn(dearer, person);
    expect(await stored()).toMatch(/^\$scrypt\$ln=5,/);
    const before = dearer.roundTrips();
    await logIn(dearer, person);
    expect(dearer.roundTrips() - before).toBe(2);
  });
});
