import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eraseDeletedOrganizations } from '../../../src/identity/deleted-organizations/erase-organizations.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { GOOD_PASSWORD, signUp } from '../../support/sign-in.ts';
import { ownerSql } from '../../contract/sql.ts';

const LIST = '/api/v1/deleted-organizations';
const MONTH_SECONDS = 30 * 86_400;
const NOT_FOUND = { status: 404, body: { code: 'organizations.not_found' } };
let app: TestApp;
let owner: Person;
let organizationId: string;

const reopen = ({ token }: Pick<Person, 'token'> = owner, id = organizationId) =>
  app.send('POST', `${LIST}/${id}/reopen`, { token });
const list = ({ token }: Pick<Person, 'token'> = owner) => app.send('GET', LIST, { token });
const organizationPath = () => `/api/v1/organizations/${organizationId}`;

async function deleteOrganization(): Promise<void> {
  expect(await app.send('DELETE', organizationPath(), { token: owner.token })).toMatchObject({ status: 204 });
  await app.drain();
}

/** Keeps the session of the owner alive over the time that a test moves. */
async function advanceDays(days: number, seconds = 0): Promise<void> {
  app.clock.advanceSeconds(days * 86_400 + seconds);
  const expiry = new Date(app.clock.now() + 86_400_000).toISOString();
  await ownerSql('update sessions set expires_at = $1 where user_id = $2', [expiry, owner.userId]);
  owner = { ...owner, token: await tokenOf(owner) };
}

/** A current access token of the person's session. */
async function tokenOf({ userId, sessionId }: Person): Promise<string> {
  const { signAccessToken } = await import('../../../src/identity/access/index.ts');
  return signAccessToken(app.services.signer, { userId, sessionId, membership: null }, 300);
}

beforeAll(() => {
  app = createTestApp();
});

beforeEach(async () => {
  owner = await app.person();
  ({ organizationId } = owner);
});

describe('a deleted organization', () => {
  it('is listed for its owners with the time until which it can be reopened', async () => {
    const admin = await app.person({ role: 'admin', organizationId });
    await deleteOrganization();
    const erasesAt = new Date(app.clock.now() + MONTH_SECONDS * 1000).toISOString();
    expect(await list()).toMatchObject({
      status: 200,
      body: { data: [{ id: organizationId, name: 'Test', erasesAt }], nextCursor: null },
    });
    expect((await list(admin)).body.data).toEqual([]);
    expect((await list(await app.person())).body.data).toEqual([]);
  });

  it('is reopened by an owner with its members and rooms, and recorded in its audit log', async () => {
    const member = await app.person({ role: 'member', organizationId });
    const room = await app.send('POST', '/api/v1/rooms', { token: owner.token, body: { name: 'Support' } });
    await deleteOrganization();
    const before = app.roundTrips();
    expect(await reopen()).toMatchObject({ status: 200, body: { id: organizationId } });
    expect(app.roundTrips() - before).toBe(2);
    await app.drain();
    const path = `/api/v1/rooms/${room.body.id}/token`;
    app.clock.advanceSeconds(1);
    expect(await app.send('POST', path, { token: member.token, body: { name: 'Ada' } })).toMatchObject({
      status: 200,
    });
    expect((await list()).body.data).toEqual([]);
    const audit = await ownerSql(
      "select severity from audit_logs where organization_id = $1 and action = 'organization.reopened'",
      [organizationId],
    );
    expect(audit).toEqual([{ severity: 'warning' }]);
    expect(await reopen()).toMatchObject(NOT_FOUND);
  });

  it('is not found by members who are no owners, by suspended owners and by others', async () => {
    const admin = await app.person({ role: 'admin', organizationId });
    const suspended = await app.person({ organizationId });
    await ownerSql("update members set status = 'suspended' where user_id = $1", [suspended.userId]);
    await deleteOrganization();
    for (const person of [admin, suspended, await app.person()])
      expect(await reopen(person)).toMatchObject(NOT_FOUND);
  });

  it('has its API keys revoked when it is reopened', async () => {
    const { body } = await app.send('POST', '/api/v1/api-keys', {
      token: owner.token,
      body: { name: 'Bot', scopes: ['read'] },
    });
    await deleteOrganization();
    expect(await app.send('GET', organizationPath(), { token: body.secret })).toMatchObject({ status: 401 });
    await reopen();
    expect(await app.send('GET', organizationPath(), { token: body.secret })).toMatchObject({ status: 401 });
    const keys = await app.send('GET', '/api/v1/api-keys', { token: owner.token });
    expect(keys.body.data).toMatchObject([{ id: body.id, status: 'revoked' }]);
  });

  it('has its bytes until it is erased, and not longer, except the copies of its audit log', async () => {
    const keys = ['files', 'operations', 'audit'].map((kind) => `${kind}/${organizationId}/one`);
    for (const key of keys) await app.objects.put(key, 'bytes', { contentType: 'text/plain' });
    const left = () => keys.filter((key) => app.objects.texts().has(key));
    await deleteOrganization();
    await eraseDeletedOrganizations(app.services);
    expect(left()).toEqual(keys);
    await advanceDays(30, 1);
    await eraseDeletedOrganizations(app.services);
    expect(left()).toEqual([keys[2]]);
  });

  it('that is reopened while it is about to be erased keeps its bytes', async () => {
    const key = `files/${organizationId}/one`;
    await app.objects.put(key, 'bytes', { contentType: 'text/plain' });
    await deleteOrganization();
    await advanceDays(30, 1);
    const { database } = app.services;
    const read: typeof database.read = async (...request) => {
      const found = await database.read(...request);
      await ownerSql('update organizations set deleted_at = null where id = $1', [organizationId]);
      return found;
    };
    const services = { ...app.services, database: { ...database, read } };
    await eraseDeletedOrganizations(services);
    expect(app.objects.texts().has(key)).toBe(true);
  });

  it('keeps its slug from others until it is erased', async () => {
    const slug = `northwind-${crypto.randomUUID()}`;
    await app.send('PATCH', organizationPath(), { token: owner.token, body: { slug } });
    await deleteOrganization();
    const create = async () =>
      app.send('POST', '/api/v1/organizations', { token: owner.token, body: { name: 'Northwind', slug } });
    expect(await create()).toMatchObject({ status: 409, body: { code: 'organizations.slug_taken' } });
    await advanceDays(30, 1);
    await eraseDeletedOrganizations(app.services);
    expect(await create()).toMatchObject({ status: 201 });
  });

  it('is reopened by one of two requests at once', async () => {
    await deleteOrganization();
    const answers = await Promise.all([reopen(), reopen()]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('can no longer be reopened after 30 days, even before it is erased', async () => {
    await deleteOrganization();
    await advanceDays(30);
    expect(await reopen()).toMatchObject(NOT_FOUND);
    expect((await list()).body.data).toEqual([]);
  });

  it('counts among the organizations that its creator may have', async () => {
    await deleteOrganization();
    await ownerSql(
      `insert into organizations (id, name, slug, settings, created_by, created_at, updated_at)
       select 'org_' || n || $1, 'Test', n || $1, '{}', $2, now(), now() from generate_series(1, 20) n`,
      [crypto.randomUUID(), owner.userId],
    );
    expect(await reopen()).toMatchObject({ status: 403, body: { code: 'organizations.too_many' } });
  });

  it('comes back without a member whose account was deleted in the meantime', async () => {
    const member = await app.person({ role: 'member', organizationId });
    await deleteOrganization();
    await ownerSql('delete from users where id = $1', [member.userId]);
    await reopen();
    const members = await app.send('GET', `${organizationPath()}/members`, { token: owner.token });
    expect(members.body.data).toMatchObject([{ userId: owner.userId }]);
  });

  it('is not left to an owner who deletes their account at the same moment', async () => {
    const person = await signUp(app);
    const token = person.accessToken;
    const { body } = await app.send('GET', '/api/v1/auth/whoami', { token });
    await app.send('DELETE', `/api/v1/organizations/${body.organizationId}`, { token });
    const [reopened, deletion] = await Promise.all([
      reopen({ token }, body.organizationId),
      app.send('POST', '/api/v1/users/me/deletion', { token, body: { currentPassword: GOOD_PASSWORD } }),
    ]);
    expect([reopened.status === 200, deletion.status === 200].filter(Boolean)).toHaveLength(1);
  });
});

describe('the erasure of a deleted organization', () => {
  it('deletes all that belongs to it, and keeps its audit log', async () => {
    const { token } = owner;
    const room = await app.send('POST', '/api/v1/rooms', { token, body: { name: 'Support' } });
    await app.send('POST', `/api/v1/rooms/${room.body.id}/token`, { token, body: { name: 'Ada' } });
    await app.send('POST', '/api/v1/api-keys', { token, body: { name: 'Bot', scopes: ['read'] } });
    await deleteOrganization();
    await advanceDays(29);
    await eraseDeletedOrganizations(app.services);
    const count = async (table: string, column = 'organization_id') =>
      (await ownerSql(`select from ${table} where ${column} = $1`, [organizationId])).length;
    expect(await count('organizations', 'id')).toBe(1);
    await advanceDays(1, 1);
    await eraseDeletedOrganizations(app.services);
    const left = [];
    for (const table of ['rooms', 'calls', 'call_participants', 'api_keys', 'members'])
      left.push(await count(table));
    expect([await count('organizations', 'id'), ...left]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await count('audit_logs')).toBeGreaterThan(0);
  });
});
