import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

let app: TestApp;
let owner: Person;

beforeAll(async () => {
  app = createTestApp();
});

const path = '/api/v1/contacts';
const add = (person: Person, body: object, headers: Record<string, string> = {}) =>
  app.send('POST', path, { token: person.token, body, headers });
const list = async (person: Person, query = '') =>
  (await app.send('GET', `${path}${query}`, { token: person.token })).body.data;
const colleague = (of: Person) => app.person({ role: 'member', organizationId: of.organizationId });

describe('creating a contact', () => {
  beforeAll(async () => {
    owner = await app.person();
  });

  it('accepts a member by user id, or by email address in any letter case', async () => {
    const [ann, ben] = [await colleague(owner), await colleague(owner)];
    const byId = await add(owner, { userId: ann.userId, relationship: 'friend', nickname: 'A.' });
    expect(byId).toMatchObject({
      status: 201,
      body: { kind: 'person', userId: ann.userId, email: ann.email, relationship: 'friend', nickname: 'A.' },
    });
    expect(byId.headers.get('location')).toBe(`${path}/${byId.body.id}`);
    const byEmail = await add(owner, { email: ben.email.toUpperCase() });
    expect(byEmail).toMatchObject({ status: 201, body: { userId: ben.userId, address: null } });
  });

  it('accepts an external contact with a name and an address', async () => {
    const made = await add(owner, { external: { name: 'Front desk', address: '+44 20 7946 0958' } });
    expect(made).toMatchObject({
      status: 201,
      body: { kind: 'external', userId: null, name: 'Front desk', address: '+44 20 7946 0958', email: null },
    });
  });

  it.each([
    ['a user id and an email address', { email: 'a@b.example', external: { name: 'A', address: 'a' } }],
    ['no identification', { nickname: 'nobody' }],
  ])('rejects a contact with %s', async (_what, body) => {
    expect(await add(owner, body)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });

  it('rejects the caller themselves, and a contact that already exists', async () => {
    expect(await add(owner, { userId: owner.userId })).toMatchObject({
      status: 422,
      body: { code: 'contacts.self' },
    });
    const { userId, email } = await colleague(owner);
    await add(owner, { userId });
    expect(await add(owner, { email })).toMatchObject({ status: 409, body: { code: 'contacts.exists' } });
    await add(owner, { external: { name: 'Desk', address: 'desk@example.com' } });
    expect(await add(owner, { external: { name: 'The desk', address: 'Desk@Example.com' } })).toMatchObject({
      status: 409,
      body: { code: 'contacts.exists' },
    });
  });

  it('gives the same answer for a user of another organization as for one that does not exist', async () => {
    const outsider = await app.person();
    const answers = await Promise.all([
      add(owner, { userId: outsider.userId }),
      add(owner, { userId: app.services.ids.create('user') }),
      add(owner, { email: outsider.email }),
      add(owner, { email: 'nobody@auralink.test' }),
    ]);
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 404, body: { code: 'contacts.person_not_found' } });
  });

  it('repeats the first response for the same idempotency key', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const body = { external: { name: 'Once', address: 'once' } };
    const [first, again] = [await add(owner, body, headers), await add(owner, body, headers)];
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('is refused to an API key', async () => {
    const key = await app.send('POST', '/api/v1/api-keys', {
      token: owner.token,
      body: { name: 'Contacts', scopes: ['contacts:write'] },
    });
    for (const answer of [
      await app.send('POST', path, {
        token: key.body.secret,
        body: { external: { name: 'A', address: 'b' } },
      }),
      await app.send('GET', path, { token: key.body.secret }),
    ])
      expect(answer).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
  });
});

describe('an address book', () => {
  it('is read and changed by its owner only, not even by the contacts in it', async () => {
    const boss = await app.person();
    const ann = await colleague(boss);
    const { body } = await add(boss, { userId: ann.userId, notes: 'owes me a lunch' });
    const admin = await app.person({ role: 'admin', organizationId: boss.organizationId });
    for (const other of [ann, admin]) {
      expect(await list(other)).toEqual([]);
      for (const [method, change] of [['GET'], ['PATCH', { notes: null }], ['DELETE']] as const)
        expect(
          await app.send(method, `${path}/${body.id}`, {
            token: other.token,
            ...(change ? { body: change } : {}),
          }),
        ).toMatchObject({ status: 404, body: { code: 'contacts.not_found' } });
    }
    expect(await list(boss)).toMatchObject([{ notes: 'owes me a lunch' }]);
  });

  it('is listed page by page, and filtered by favourite, block, tag and part of a name', async () => {
    const boss = await app.person();
    const ann = await colleague(boss);
    const entry = (name: string, more: object = {}) => {
      app.clock.advanceSeconds(1); // contacts of the same millisecond have no order
      return add(boss, { external: { name, address: `${name}@example.com` }, ...more });
    };
    await add(boss, { userId: ann.userId, tags: ['team'] });
    await entry('Berta', { favourite: true, tags: ['team', 'sales'] });
    await entry('Carla', { blocked: true, nickname: '100%' });
    await entry('Dora');
    const names = async (query: string) =>
      (await list(boss, query)).map((each: { name: string }) => each.name);
    expect(await names('?favourite=true')).toEqual(['Berta']);
    expect(await names('?blocked=true')).toEqual(['Carla']);
    expect(await names('?blocked=false&favourite=false')).toEqual(['Test Person', 'Dora']);
    expect(await names('?tag=team')).toEqual(['Test Person', 'Berta']);
    expect(await names('?q=CARL')).toEqual(['Carla']);
    expect(await names('?q=%25')).toEqual(['Carla']);
    expect(await names(`?q=${ann.userId}`)).toEqual(['Test Person']);
    const first = await app.send('GET', `${path}?limit=3`, { token: boss.token });
    expect(first.body.data).toHaveLength(3);
    const second = await app.send('GET', `${path}?limit=3&cursor=${first.body.nextCursor}`, {
      token: boss.token,
    });
    expect(second.body).toMatchObject({ data: [{ name: 'Dora' }], nextCursor: null });
  });

  it('changes the given fields only, and rejects a stale version', async () => {
    const boss = await app.person();
    const { body, headers } = await add(boss, {
      external: { name: 'Desk', address: 'desk' },
      tags: ['a'],
      notes: 'n',
    });
    const to = `${path}/${body.id}`;
    const change = (set: object, ifMatch?: string | null) =>
      app.send('PATCH', to, {
        token: boss.token,
        body: set,
        ...(ifMatch ? { headers: { 'if-match': ifMatch } } : {}),
      });
    const renamed = await change({ external: { name: 'Front desk' }, blocked: true }, headers.get('etag'));
    expect(renamed).toMatchObject({
      status: 200,
      body: { name: 'Front desk', address: 'desk', blocked: true, tags: ['a'], notes: 'n' },
    });
    expect((await change({ favourite: true }, headers.get('etag'))).status).toBe(412);
    expect(await change({ blocked: false, notes: null })).toMatchObject({
      body: { blocked: false, notes: null },
    });
    expect((await app.send('DELETE', to, { token: boss.token })).status).toBe(204);
    expect(await list(boss)).toEqual([]);
  });

  it('refuses a new name for a contact with an account', async () => {
    const boss = await app.person();
    const { userId } = await colleague(boss);
    const { body } = await add(boss, { userId });
    const answer = await app.send('PATCH', `${path}/${body.id}`, {
      token: boss.token,
      body: { external: { name: 'Else' } },
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'contacts.not_external' } });
  });

  it('keeps a contact who has left the organization, without name and email address', async () => {
    const boss = await app.person();
    const ann = await colleague(boss);
    await add(boss, { userId: ann.userId, nickname: 'Ann' });
    const members = `/api/v1/organizations/${boss.organizationId}/members`;
    const all = await app.send('GET', members, { token: boss.token });
    const member = all.body.data.find((each: { userId: string }) => each.userId === ann.userId);
    await app.send('DELETE', `${members}/${member.id}`, { token: boss.token });
    expect(await list(boss)).toMatchObject([
      { userId: ann.userId, name: null, email: null, nickname: 'Ann' },
    ]);
  });

  it('takes one round trip to read and two to write, and writes no audit entry', async () => {
    const boss = await app.person();
    const before = app.roundTrips();
    const { body } = await add(boss, { external: { name: 'A', address: 'a' } });
    expect(app.roundTrips() - before).toBe(1);
    await list(boss);
    expect(app.roundTrips() - before).toBe(2);
    await app.send('PATCH', `${path}/${body.id}`, { token: boss.token, body: { favourite: true } });
    expect(app.roundTrips() - before).toBe(4);
    const logs = await app.send('GET', '/api/v1/audit/logs', { token: boss.token });
    expect(logs.body.data).toEqual([]);
  });
});
