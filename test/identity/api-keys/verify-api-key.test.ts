import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApiKeyVerifier } from '../../../src/identity/api-keys/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

let app: TestApp;
let owner: Person;

beforeAll(() => {
  app = createTestApp();
});

beforeEach(async () => {
  owner = await app.person();
});

const LIST = '/api/v1/api-keys';
const WHOAMI = '/api/v1/auth/whoami';

const createKey = async (body: object = {}) =>
  (await app.send('POST', LIST, { token: owner.token, body: { name: 'Bot', ...body } })).body;
const statusForKey = async (secret: string) => (await app.send('GET', WHOAMI, { token: secret })).status;
const asOwner = (method: string, path: string, body?: object) =>
  app.send(method, path, { token: owner.token, body });

describe('what an API key permits', () => {
  it('is what its scopes include, in its own organization', async () => {
    const { secret, id } = await createKey({ scopes: ['read'] });
    const holder = await app.send('GET', WHOAMI, { token: secret });
    expect(holder.body).toMatchObject({
      kind: 'apiKey',
      id,
      organizationId: owner.organizationId,
      plan: 'free',
    });
    const organization = `/api/v1/organizations/${owner.organizationId}`;
    expect((await app.send('GET', organization, { token: secret })).status).toBe(200);
    expect((await app.send('GET', `${organization}/members`, { token: secret })).status).toBe(200);
    const body = { name: 'Taken over' };
    expect((await app.send('PATCH', organization, { token: secret, body })).status).toBe(403);
    const outsider = await app.person();
    expect(
      (await app.send('GET', `/api/v1/organizations/${outsider.organizationId}`, { token: secret })).status,
    ).toBe(404);
  });

  it.each([
    ['read', 'api-keys:read'],
    ['read', 'audit:read'],
    ['read', 'rooms:write'],
    ['write', 'members:write'],
    ['write', 'organizations:write'],
    ['admin', 'organizations:delete'],
    ['rooms:read', 'calls:read'],
  ])('scope %s does not include %s', async (scope, permission) => {
    const { secret } = await createKey({ scopes: [scope] });
    const holder = await app.send('GET', WHOAMI, { token: secret });
    const [resource, action] = permission.split(':');
    expect(holder.body.permissions).not.toEqual(
      expect.arrayContaining([expect.stringMatching(new RegExp(`^(\\*|${resource}):(\\*|${action})$`))]),
    );
  });

  it('never includes operations for signed-in users', async () => {
    const { secret } = await createKey({ scopes: ['admin'] });
    const refused = await app.send('GET', '/api/v1/users/me', { token: secret });
    expect(refused.status).toBe(403);
    expect(refused.body.code).toBe('auth.forbidden');
  });

  it('does not let an admin key change or remove an owner', async () => {
    const { secret } = await createKey({ scopes: ['admin'] });
    const path = `/api/v1/organizations/${owner.organizationId}/members`;
    const list = await app.send('GET', path, { token: secret });
    const target = `${path}/${list.body.data[0].id}`;
    const body = { role: 'guest' };
    for (const answer of [
      await app.send('PATCH', target, { token: secret, body }),
      await app.send('DELETE', target, { token: secret }),
    ])
      expect(answer.body.code).toBe('members.beyond_authority');
  });
});

describe('an API key is refused', () => {
  it('when it is malformed or from elsewhere, without a round trip', async () => {
    const { secret } = await createKey();
    const flipped = secret.at(-1) === '0' ? '1' : '0';
    const forged = ['al_test_', 'al_', `${secret}0`, secret.slice(0, -1) + flipped, secret.toUpperCase()];
    const before = app.roundTrips();
    for (const text of forged) expect(await statusForKey(text)).toBe(401);
    expect(app.roundTrips() - before).toBe(0);
    const elsewhere = createTestApp();
    const foreign = await elsewhere.person();
    const other = await elsewhere.send('POST', LIST, { token: foreign.token, body: { name: 'x' } });
    expect(await statusForKey(other.body.secret)).toBe(401);
    expect(app.roundTrips() - before).toBe(0);
  });

  it('within ten seconds of being revoked', async () => {
    const { secret, id } = await createKey();
    expect(await statusForKey(secret)).toBe(200);
    await asOwner('DELETE', `${LIST}/${id}`);
    app.clock.advanceSeconds(10);
    expect(await statusForKey(secret)).toBe(401);
  });

  it('for ten seconds without another look-up once it was found invalid', async () => {
    const { secret, id } = await createKey();
    await asOwner('DELETE', `${LIST}/${id}`);
    expect(await statusForKey(secret)).toBe(401);
    const before = app.roundTrips();
    for (let i = 0; i < 5; i++) expect(await statusForKey(secret)).toBe(401);
    expect(app.roundTrips() - before).toBe(0);
    app.clock.advanceSeconds(11);
    expect(await statusForKey(secret)).toBe(401);
    expect(app.roundTrips() - before).toBe(1);
  });

  it('at the moment it expires, also while it is cached', async () => {
    const expiresAt = new Date(app.clock.now() + 5_000).toISOString();
    const { secret, id } = await createKey({ expiresAt });
    expect(await statusForKey(secret)).toBe(200);
    app.clock.advanceSeconds(5);
    expect(await statusForKey(secret)).toBe(401);
    expect((await asOwner('GET', `${LIST}/${id}`)).body.status).toBe('expired');
  });

  it('when its organization is deleted', async () => {
    const { secret } = await createKey();
    await asOwner('DELETE', `/api/v1/organizations/${owner.organizationId}`);
    expect(await statusForKey(secret)).toBe(401);
  });

  it('after a reroll when the grace period ends, and not before', async () => {
    const { secret, id } = await createKey();
    const rolled = await asOwner('POST', `${LIST}/${id}/reroll`, { graceSeconds: 60 });
    app.clock.advanceSeconds(55);
    expect(await statusForKey(secret)).toBe(200);
    expect(await statusForKey(rolled.body.secret)).toBe(200);
    app.clock.advanceSeconds(5);
    expect(await statusForKey(secret)).toBe(401);
    expect(await statusForKey(rolled.body.secret)).toBe(200);
  });

  it('at once after a reroll without a grace period, and after a second reroll', async () => {
    const { secret, id } = await createKey();
    const first = await asOwner('POST', `${LIST}/${id}/reroll`, { graceSeconds: 0 });
    expect(await statusForKey(secret)).toBe(401);
    await asOwner('POST', `${LIST}/${id}/reroll`, { graceSeconds: 60 });
    const second = await asOwner('POST', `${LIST}/${id}/reroll`, { graceSeconds: 60 });
    expect(await statusForKey(first.body.secret)).toBe(401);
    expect(await statusForKey(second.body.secret)).toBe(200);
  });

  it('also with its former secret when it was revoked', async () => {
    const { secret, id } = await createKey();
    await asOwner('POST', `${LIST}/${id}/reroll`, { graceSeconds: 600 });
    await asOwner('DELETE', `${LIST}/${id}`);
    expect(await statusForKey(secret)).toBe(401);
  });
});

describe('verifying an API key', () => {
  it('takes one look-up in ten seconds of use, however many requests come at once', async () => {
    const { secret } = await createKey();
    const before = app.roundTrips();
    await Promise.all(Array.from({ length: 50 }, () => statusForKey(secret)));
    await Promise.all(Array.from({ length: 50 }, () => statusForKey(secret)));
    expect(app.roundTrips() - before).toBe(1);
    app.clock.advanceSeconds(10);
    await statusForKey(secret);
    expect(app.roundTrips() - before).toBe(2);
  });

  it('counts every use, in the row after the next look-up', async () => {
    const { secret, id } = await createKey();
    await Promise.all(Array.from({ length: 7 }, () => statusForKey(secret)));
    for (let i = 0; i < 4; i++) await statusForKey(secret);
    app.clock.advanceSeconds(10);
    await statusForKey(secret);
    const { body, headers } = await asOwner('GET', `${LIST}/${id}`);
    expect(body.usageCount).toBe(12);
    expect(Date.parse(body.lastUsedAt)).toBe(app.clock.now());
    expect(headers.get('etag')).toBe('"1"');
  });

  it('keeps the count when the database is unavailable, and accepts no key on an older look-up', async () => {
    const { secret, id } = await createKey();
    let isDatabaseDown = false;
    const { verify } = createApiKeyVerifier({
      ...app.services,
      database: {
        ...app.services.database,
        read: (scope, build) =>
          isDatabaseDown
            ? Promise.reject(new Error('unavailable'))
            : app.services.database.read(scope, build),
      },
    });
    await verify(secret);
    await verify(secret);
    app.clock.advanceSeconds(10);
    isDatabaseDown = true;
    await expect(verify(secret)).rejects.toThrow('unavailable');
    isDatabaseDown = false;
    await verify(secret);
    expect((await asOwner('GET', `${LIST}/${id}`)).body.usageCount).toBe(3);
  });
});
