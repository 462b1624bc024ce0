import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

let app: TestApp;
let owner: Person;

beforeAll(async () => {
  app = createTestApp();
  owner = await app.person();
});

const unique = () => `org-${crypto.randomUUID()}`;

describe('creating an organization', () => {
  it('makes the caller its owner and returns its location', async () => {
    const slug = unique();
    const made = await app.send('POST', '/api/v1/organizations', {
      token: owner.token,
      body: { name: 'Northwind', slug },
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ name: 'Northwind', slug, plan: 'free' });
    expect(made.headers.get('location')).toBe(`/api/v1/organizations/${made.body.id}`);
    const list = await app.send('GET', '/api/v1/organizations', { token: owner.token });
    expect(list.body.data.map((each: { slug: string }) => each.slug)).toContain(slug);
  });

  it('refuses a slug that another organization uses', async () => {
    const slug = unique();
    await app.send('POST', '/api/v1/organizations', { token: owner.token, body: { name: 'First', slug } });
    const second = await app.send('POST', '/api/v1/organizations', {
      token: owner.token,
      body: { name: 'Second', slug },
    });
    expect(second.status).toBe(409);
    expect(second.body.code).toBe('organizations.slug_taken');
  });

  it('repeats the response for the same idempotency key, and refuses the key with another body', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const body = { name: 'Once', slug: unique() };
    const first = await app.send('POST', '/api/v1/organizations', { token: owner.token, body, headers });
    const again = await app.send('POST', '/api/v1/organizations', { token: owner.token, body, headers });
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const other = await app.send('POST', '/api/v1/organizations', {
      token: owner.token,
      body: { ...body, name: 'Other' },
      headers,
    });
    expect(other.status).toBe(409);
    expect(other.body.code).toBe('idempotency.key_reused');
  });

  it('creates one organization for two concurrent requests with the same key', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const body = { name: 'Race', slug: unique() };
    const both = await Promise.all(
      [1, 2].map(() => app.send('POST', '/api/v1/organizations', { token: owner.token, body, headers })),
    );
    const statuses = both.map((each) => each.status).sort((a, b) => a - b);
    expect([
      [201, 201],
      [201, 409],
    ]).toContainEqual(statuses);
    expect(new Set(both.filter((each) => each.status === 201).map((each) => each.body.id)).size).toBe(1);
  });
});

describe('reading, updating and deleting an organization', () => {
  it('answers the same for a foreign id as for one that does not exist', async () => {
    const outsider = await app.person();
    const answer = await app.send('GET', `/api/v1/organizations/${owner.organizationId}`, {
      token: outsider.token,
    });
    expect(answer.status).toBe(404);
    expect(answer.body.code).toBe('organizations.not_found');
  });

  it('refuses a stale version', async () => {
    const path = `/api/v1/organizations/${owner.organizationId}`;
    const read = await app.send('GET', path, { token: owner.token });
    const headers = { 'if-match': read.headers.get('etag')! };
    const changed = await app.send('PATCH', path, { token: owner.token, body: { name: 'Renamed' }, headers });
    expect(changed.status).toBe(200);
    const stale = await app.send('PATCH', path, { token: owner.token, body: { name: 'Again' }, headers });
    expect(stale.status).toBe(412);
    expect(stale.body.code).toBe('request.stale');
  });

  it('takes one round trip to read and two to write', async () => {
    const path = `/api/v1/organizations/${owner.organizationId}`;
    const before = app.roundTrips();
    await app.send('GET', path, { token: owner.token });
    expect(app.roundTrips() - before).toBe(1);
    await app.send('PATCH', path, { token: owner.token, body: { metadata: { region: 'eu' } } });
    expect(app.roundTrips() - before).toBe(3);
  });

  it('allows only an owner to delete it, which ends every token for it', async () => {
    const boss = await app.person();
    const admin = await app.person({ role: 'admin', organizationId: boss.organizationId });
    const path = `/api/v1/organizations/${boss.organizationId}`;
    expect((await app.send('DELETE', path, { token: admin.token })).status).toBe(403);
    expect((await app.send('DELETE', path, { token: boss.token })).status).toBe(204);
    for (const { token } of [boss, admin])
      expect((await app.send('GET', path, { token })).body.code).toBe('auth.outdated_token');
  });
});

describe('updating an organization concurrently', () => {
  it('applies both changes when the callers gave no version', async () => {
    const boss = await app.person();
    const path = `/api/v1/organizations/${boss.organizationId}`;
    const changes = await Promise.all(
      ['name', 'slug'].map((field) =>
        app.send('PATCH', path, { token: boss.token, body: { [field]: `changed-${crypto.randomUUID()}` } }),
      ),
    );
    expect(changes.map((each) => each.status)).toEqual([200, 200]);
    const read = await app.send('GET', path, { token: boss.token });
    expect([read.body.name, read.body.slug]).toEqual([
      expect.stringMatching(/^changed/),
      expect.stringMatching(/^changed/),
    ]);
  });
});
