import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { findTablesContaining } from '../../support/database-search.ts';

let app: TestApp;
let owner: Person;

beforeAll(() => {
  app = createTestApp();
});

beforeEach(async () => {
  owner = await app.person();
});

const LIST = '/api/v1/api-keys';
const createKey = (body: object = {}, by = owner, headers: Record<string, string> = {}) =>
  app.send('POST', LIST, { token: by.token, body: { name: 'Reports', ...body }, headers });
const memberToken = async (role: 'admin' | 'member') =>
  (await app.person({ role, organizationId: owner.organizationId })).token;

describe('creating an API key', () => {
  it('shows the secret in the response, and never again', async () => {
    const made = await createKey({ scopes: ['read', 'rooms:write', 'read'] });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      name: 'Reports',
      scopes: ['read', 'rooms:write'],
      requestsPerMinute: 60,
      status: 'active',
      usageCount: 0,
      createdBy: owner.userId,
    });
    expect(made.body.secret).toMatch(/^al_test_[0-9a-z]{60}$/);
    expect(made.body.secret.startsWith(made.body.prefix)).toBe(true);
    const read = await app.send('GET', `${LIST}/${made.body.id}`, { token: owner.token });
    expect(read.body.prefix).toBe(made.body.prefix);
    expect(JSON.stringify(read.body)).not.toContain(made.body.secret);
  });

  it('stores no secret in any table and logs none', async () => {
    const made = await createKey({}, owner, { 'idempotency-key': crypto.randomUUID() });
    const rolled = await app.send('POST', `${LIST}/${made.body.id}/reroll`, { token: owner.token });
    expect(await findTablesContaining(app.services, rolled.body.prefix)).toEqual(
      expect.arrayContaining(['api_keys', 'audit_logs']),
    );
    for (const { body } of [made, rolled])
      expect(await findTablesContaining(app.services, body.secret.slice(body.prefix.length))).toEqual([]);
    expect(JSON.stringify(app.log)).not.toContain(made.body.secret);
  });

  it('repeats the response with the secret for the same idempotency key', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const first = await createKey({}, owner, headers);
    const again = await createKey({}, owner, headers);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body.secret).toBe(first.body.secret);
  });

  it.each([
    [{ scopes: ['everything'] }],
    [{ scopes: ['*:*'] }],
    [{ scopes: ['rooms:*'] }],
    [{ scopes: ['organizations:delete'] }],
    [{ scopes: ['billing:write'] }],
    [{ scopes: ['rooms:read:all'] }],
    [{ scopes: [] }],
    [{ requestsPerMinute: 0 }],
    [{ requestsPerMinute: 1.5 }],
    [{ name: ' ' }],
    [{ organizationId: 'org_01jd3v7q8gf4kr2x6a0w9mznpe' }],
    [{ expiresAt: 'tomorrow' }],
  ])('refuses %o', async (body) => {
    expect((await createKey(body)).status).toBe(400);
  });

  it('refuses an expiry that is not in the future', async () => {
    const made = await createKey({ expiresAt: new Date(app.clock.now()).toISOString() });
    expect(made.status).toBe(422);
    expect(made.body.code).toBe('api_keys.expiry_in_past');
  });

  it('requires `api-keys:write` to create and `api-keys:read` to list', async () => {
    const token = await memberToken('member');
    expect((await app.send('POST', LIST, { token, body: { name: 'x' } })).status).toBe(403);
    expect((await app.send('GET', LIST, { token })).status).toBe(403);
  });

  it('refuses scopes with permissions that the caller does not have', async () => {
    const parent = await createKey({ scopes: ['api-keys:write', 'rooms:read'] });
    const child = (scopes: string[]) =>
      app.send('POST', LIST, { token: parent.body.secret, body: { name: 'Child', scopes } });
    expect((await child(['rooms:read'])).status).toBe(201);
    for (const scopes of [['read'], ['admin'], ['rooms:write'], ['audit:read']]) {
      const refused = await child(scopes);
      expect(refused.status).toBe(403);
      expect(refused.body.code).toBe('api_keys.beyond_authority');
    }
  });

  it('takes two round trips to create and one to read', async () => {
    const before = app.roundTrips();
    const made = await createKey();
    expect(app.roundTrips() - before).toBe(2);
    await app.send('GET', `${LIST}/${made.body.id}`, { token: owner.token });
    await app.send('GET', LIST, { token: owner.token });
    expect(app.roundTrips() - before).toBe(4);
  });
});

describe('updating, revoking and rerolling an API key', () => {
  it('changes the given fields, and refuses a stale version', async () => {
    const { body, headers } = await createKey();
    const path = `${LIST}/${body.id}`;
    const ifMatch = { 'if-match': headers.get('etag')! };
    const change = { name: 'Weekly', requestsPerMinute: 10 };
    const changed = await app.send('PATCH', path, { token: owner.token, body: change, headers: ifMatch });
    expect(changed.body).toMatchObject({ ...change, scopes: ['read'] });
    const stale = await app.send('PATCH', path, { token: owner.token, body: change, headers: ifMatch });
    expect(stale.status).toBe(412);
    expect((await app.send('DELETE', path, { token: owner.token, headers: ifMatch })).status).toBe(412);
  });

  it('answers the same for a foreign key as for one that does not exist', async () => {
    const outsider = await app.person();
    const { body } = await createKey();
    const path = `${LIST}/${body.id}`;
    const answers = await Promise.all([
      app.send('GET', path, { token: outsider.token }),
      app.send('PATCH', path, { token: outsider.token, body: { name: 'Mine' } }),
      app.send('DELETE', path, { token: outsider.token }),
      app.send('POST', `${path}/reroll`, { token: outsider.token }),
    ]);
    for (const answer of answers) {
      expect(answer.status).toBe(404);
      expect(answer.body.code).toBe('api_keys.not_found');
    }
    expect((await app.send('GET', LIST, { token: outsider.token })).body.data).toEqual([]);
  });

  it('a revoked key can be read and not changed', async () => {
    const { body } = await createKey();
    const path = `${LIST}/${body.id}`;
    expect((await app.send('DELETE', path, { token: owner.token })).status).toBe(204);
    const answers = await Promise.all([
      app.send('PATCH', path, { token: owner.token, body: { name: 'Back' } }),
      app.send('POST', `${path}/reroll`, { token: owner.token }),
      app.send('DELETE', path, { token: owner.token }),
    ]);
    for (const answer of answers) expect(answer.body.code).toBe('api_keys.revoked');
    expect((await app.send('GET', path, { token: owner.token })).body.status).toBe('revoked');
  });

  it('refuses to reroll or widen a key with permissions that the caller does not have', async () => {
    const strong = await createKey({ scopes: ['admin'] });
    const weak = await createKey({ scopes: ['api-keys:write'] });
    const path = `${LIST}/${strong.body.id}`;
    const rerolled = await app.send('POST', `${path}/reroll`, { token: weak.body.secret });
    expect(rerolled.body.code).toBe('api_keys.beyond_authority');
    const widened = await app.send('PATCH', `${LIST}/${weak.body.id}`, {
      token: weak.body.secret,
      body: { scopes: ['admin'] },
    });
    expect(widened.body.code).toBe('api_keys.beyond_authority');
  });

  it('leaves one valid secret after two concurrent rerolls', async () => {
    const { body } = await createKey();
    const both = await Promise.all(
      [1, 2].map(() =>
        app.send('POST', `${LIST}/${body.id}/reroll`, { token: owner.token, body: { graceSeconds: 0 } }),
      ),
    );
    const tries = both.map(async ({ status, body: answer }) => {
      if (status !== 200) expect(status).toBe(412);
      if (status !== 200) return status;
      return (await app.send('GET', '/api/v1/auth/whoami', { token: answer.secret })).status;
    });
    expect((await Promise.all(tries)).filter((status) => status === 200)).toHaveLength(1);
  });
});
