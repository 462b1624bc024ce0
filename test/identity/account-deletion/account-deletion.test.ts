import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  deleteEmptyAccounts,
  eraseDueAccounts,
} from '../../../src/identity/account-deletion/erase-accounts.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import {
  createEmail,
  GOOD_PASSWORD,
  logIn,
  refresh,
  type SignedIn,
  signUp,
  sortedStatuses,
} from '../../support/sign-in.ts';
import { ownerSql } from '../../contract/sql.ts';

const GRACE_SECONDS = 30 * 86_400;
let app: TestApp;
let owner: Person;
let user: SignedIn;

const post = (path: string, body: unknown, token?: string) =>
  app.send('POST', `/api/v1/${path}`, { body, ...(token ? { token } : {}) });
const requestDeletion = (token = user.accessToken, currentPassword = GOOD_PASSWORD) =>
  post('users/me/deletion', { currentPassword }, token);
const restore = (password = user.password) => post('auth/restore', { email: user.email, password });
const membersOf = async (organizationId: string) =>
  (await ownerSql('select user_id from members where organization_id = $1', [organizationId])).map(
    ({ user_id }) => user_id,
  );

async function join(userId: string, { organizationId }: Person, role = 'member'): Promise<string> {
  const id = app.services.ids.create('member');
  await ownerSql(
    'insert into members (id, organization_id, user_id, role, created_at, updated_at) values ($1, $2, $3, $4, now(), now())',
    [id, organizationId, userId, role],
  );
  return id;
}

/** Deletes the organization of the sign-up, and signs the user in to the other one. */
async function leaveOwnOrganization(person: SignedIn): Promise<SignedIn> {
  const { body } = await app.send('GET', '/api/v1/auth/whoami', { token: person.accessToken });
  const path = `/api/v1/organizations/${body.organizationId}`;
  expect(await app.send('DELETE', path, { token: person.accessToken })).toMatchObject({ status: 204 });
  return logIn(app, person);
}

/** Moves past the grace time, and runs what the product runs each hour. */
async function eraseAfterGrace(): Promise<void> {
  app.clock.advanceSeconds(GRACE_SECONDS + 1);
  await eraseDueAccounts(app.services);
  await app.drain();
}

beforeAll(() => {
  app = createTestApp();
});

beforeEach(async () => {
  owner = await app.person();
  user = await signUp(app);
  await join(user.userId, owner);
  user = await leaveOwnOrganization(user);
});

describe('the deletion of an account', () => {
  it('ends all sessions at once and is announced by mail, and changes no membership yet', async () => {
    const answer = await requestDeletion();
    const deletesAt = new Date(app.clock.now() + GRACE_SECONDS * 1000).toISOString();
    expect(answer).toMatchObject({ status: 200, body: { deletesAt } });
    expect(await app.send('GET', '/api/v1/users/me', { token: user.accessToken })).toMatchObject({
      status: 401,
    });
    expect(await refresh(app, user.refreshToken)).toMatchObject({ status: 401 });
    expect(await membersOf(owner.organizationId)).toContain(user.userId);
    await app.drain();
    expect(app.mailbox.latestTo(user.email).subject).toBe('Your account will be deleted');
    const audit = await ownerSql(
      "select action from audit_logs where organization_id = $1 and target_id = $2 and action = 'user.deletion_requested'",
      [owner.organizationId, user.userId],
    );
    expect(audit).toHaveLength(1);
  });

  it('takes one round trip to read and one to commit', async () => {
    const before = app.roundTrips();
    await requestDeletion();
    expect(app.roundTrips() - before).toBe(2);
  });

  it('needs the current password', async () => {
    expect(await requestDeletion(user.accessToken, 'wrong')).toMatchObject({
      status: 403,
      body: { code: 'accounts.wrong_password' },
    });
  });

  it('names the organizations of which the user is the only owner', async () => {
    const other = await signUp(app);
    const answer = await requestDeletion(other.accessToken);
    expect(answer).toMatchObject({ status: 409, body: { code: 'accounts.sole_owner' } });
    expect(answer.body.detail).toMatch(/^transfer or delete first: Ada Lovelace's team \(org_\w+\)$/);
  });

  it('counts no other owner whose account is to be deleted, and lets none of them leave an organization without owner', async () => {
    const memberId = await join(user.userId, await app.person(), 'member');
    await ownerSql("update members set role = 'owner' where user_id = $1 and id <> $2", [
      user.userId,
      memberId,
    ]);
    user = await logIn(app, user);
    expect(await requestDeletion()).toMatchObject({ status: 200 });
    const rows = await ownerSql('select id from members where organization_id = $1 and user_id = $2', [
      owner.organizationId,
      owner.userId,
    ]);
    const path = `/api/v1/organizations/${owner.organizationId}/members/${String(rows[0]?.['id'])}`;
    expect(await app.send('DELETE', path, { token: owner.token })).toMatchObject({
      status: 409,
      body: { code: 'members.last_owner' },
    });
  });

  it('refuses the second of two owners who delete their accounts at once', async () => {
    const second = await signUp(app);
    await join(second.userId, owner, 'owner');
    const secondIn = await leaveOwnOrganization(second);
    await ownerSql("update members set role = 'owner' where organization_id = $1 and user_id = $2", [
      owner.organizationId,
      user.userId,
    ]);
    user = await logIn(app, user);
    await ownerSql('delete from members where organization_id = $1 and user_id = $2', [
      owner.organizationId,
      owner.userId,
    ]);
    const answers = await Promise.all([requestDeletion(), requestDeletion(secondIn.accessToken)]);
    expect(sortedStatuses(answers)).toEqual([200, 409]);
  });

  it('ends a requested change of address, and the invitations that the user has made', async () => {
    await ownerSql("update members set role = 'admin' where user_id = $1", [user.userId]);
    await ownerSql('update users set email_verified = true where id = $1', [user.userId]);
    user = await logIn(app, user);
    const newEmail = createEmail();
    await post('users/me/email', { newEmail, currentPassword: GOOD_PASSWORD }, user.accessToken);
    const invited = createEmail();
    const path = `organizations/${owner.organizationId}/invitations`;
    expect(await post(path, { email: invited }, user.accessToken)).toMatchObject({ status: 201 });
    await app.drain();
    const confirming = decodeURIComponent(/#token=(\S+)/.exec(app.mailbox.latestTo(newEmail).text)![1]!);
    const invitation = /ali_[\w-]+/.exec(app.mailbox.latestTo(invited).text)![0];
    await requestDeletion();
    expect(await post('auth/email/confirm-change', { token: confirming })).toMatchObject({ status: 400 });
    expect(await post('invitations/preview', { token: invitation })).toMatchObject({
      body: { code: 'invitations.revoked' },
    });
  });

  it('is seen by a log-in with the right password only', async () => {
    await requestDeletion();
    const attempt = (password: string) => post('auth/login', { email: user.email, password });
    expect(await attempt('wrong')).toMatchObject({
      status: 401,
      body: { code: 'accounts.invalid_credentials' },
    });
    expect(await attempt(GOOD_PASSWORD)).toMatchObject({
      status: 403,
      body: { code: 'accounts.deletion_scheduled' },
    });
  });
});

describe('restoring an account', () => {
  it('signs in, keeps the memberships and takes the deletion back', async () => {
    await requestDeletion();
    app.clock.advanceSeconds(GRACE_SECONDS - 60);
    const answer = await restore();
    expect(answer).toMatchObject({ status: 200, body: { user: { id: user.userId } } });
    const { body } = await app.send('GET', '/api/v1/auth/whoami', { token: answer.body.accessToken });
    expect(body.organizationId).toBe(owner.organizationId);
    app.clock.advanceSeconds(120);
    await eraseDueAccounts(app.services);
    await logIn(app, user);
  });

  it('works with a password that was reset in between', async () => {
    await requestDeletion();
    await app.drain();
    await post('auth/password/forgot', { email: user.email });
    await app.drain();
    const token = decodeURIComponent(/#token=(\S+)/.exec(app.mailbox.latestTo(user.email).text)![1]!);
    await post('auth/password/reset', { token, newPassword: 'eight-daisies-in-a-vase' });
    expect(await restore('eight-daisies-in-a-vase')).toMatchObject({ status: 200 });
  });

  it('is too late when the grace time is over, even before the erasure', async () => {
    await requestDeletion();
    app.clock.advanceSeconds(GRACE_SECONDS);
    expect(await restore()).toMatchObject({ status: 401, body: { code: 'accounts.invalid_credentials' } });
  });
});

describe('the erasure of an account', () => {
  it('ends the memberships, and leaves no address, name or credential', async () => {
    const { email } = user;
    await requestDeletion();
    await eraseAfterGrace();
    expect(await membersOf(owner.organizationId)).not.toContain(user.userId);
    const rows = await ownerSql(
      `select name, avatar_url, bio, (select count(*)::int from credentials where user_id = users.id) as credentials,
         (select count(*)::int from sessions where user_id = users.id) as sessions
       from users where id = $1`,
      [user.userId],
    );
    expect(rows).toEqual([
      { name: 'Deleted user', avatar_url: null, bio: null, credentials: 0, sessions: 0 },
    ]);
    expect(await ownerSql('select id from users where email = $1', [email])).toEqual([]);
    expect(await signUp(app, email)).toMatchObject({ email });
  });

  it('leaves the entries of the audit log with the id, and nothing else about the person', async () => {
    await requestDeletion();
    await eraseAfterGrace();
    const entries = await ownerSql(
      'select before, after, ip from audit_logs where organization_id = $1 and (actor_id = $2 or target_id = $2)',
      [owner.organizationId, user.userId],
    );
    expect(entries.length).toBeGreaterThan(0);
    expect(entries).toEqual(entries.map(() => ({ before: null, after: null, ip: null })));
  });

  it('keeps the calls without the name of the person', async () => {
    const { body: room } = await post('rooms', { name: 'Support' }, owner.token);
    expect(await post(`rooms/${room.id}/token`, { name: 'Ada' }, user.accessToken)).toMatchObject({
      status: 200,
    });
    await requestDeletion();
    await eraseAfterGrace();
    const names = () => ownerSql('select name from call_participants where identity = $1', [user.userId]);
    expect(await names()).toEqual([{ name: 'Deleted user' }]);
    app.clock.advanceSeconds(7 * 86_400 + 1);
    await deleteEmptyAccounts(app.services);
    expect(await ownerSql('select id from users where id = $1', [user.userId])).toEqual([]);
    expect(await names()).toEqual([{ name: 'Deleted user' }]);
  });

  it('leaves an API key that the user has made to its organization', async () => {
    await ownerSql("update members set role = 'admin' where user_id = $1", [user.userId]);
    user = await logIn(app, user);
    const { body } = await post('api-keys', { name: 'Bot', scopes: ['read'] }, user.accessToken);
    await requestDeletion();
    await eraseAfterGrace();
    const answer = await app.send('GET', `/api/v1/organizations/${owner.organizationId}`, {
      token: body.secret,
    });
    expect(answer).toMatchObject({ status: 200 });
  });

  it('lets an invitation to the address be accepted by a new account', async () => {
    await requestDeletion();
    await app.drain();
    app.clock.advanceSeconds(GRACE_SECONDS - 60);
    const { organizationId, token } = await app.person();
    expect(
      await post(`organizations/${organizationId}/invitations`, { email: user.email }, token),
    ).toMatchObject({
      status: 201,
    });
    await app.drain();
    const invitation = /ali_[\w-]+/.exec(app.mailbox.latestTo(user.email).text)![0];
    const body = { token: invitation, name: 'Ada', password: GOOD_PASSWORD };
    expect(await post('invitations/accept-new', body)).toMatchObject({
      body: { code: 'accounts.email_taken' },
    });
    app.clock.advanceSeconds(120);
    await eraseDueAccounts(app.services);
    expect(await post('invitations/accept-new', body)).toMatchObject({ status: 201 });
  });
});
