import { beforeEach, expect, it } from 'vitest';
import { systemScope } from '../../../src/kernel/context/index.ts';
import {
  sweepNumbersOfClusters,
  sweepPhoneNumbers,
} from '../../../src/media/phone-numbers/follow-phone-numbers.ts';
import { phoneNumbers } from '../../../src/media/phone-numbers/phone-numbers.tables.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { FakeCallIns } from '../../support/livekit/fake-call-ins.ts';

const PASSWORD = 'the-password-of-the-line';
const NUMBER = {
  name: 'Main line',
  number: '+493012345678',
  allowedNetworks: ['192.0.2.7', '198.51.100.0/24', '2001:DB8::/32'],
  username: 'northwind',
  password: PASSWORD,
};
const app = createTestApp();
const { ports, database } = app.services;
let cluster: FakeCallIns;
let owner: Person;
const path = '/api/v1/phone-numbers';
const send = (method: string, at: string, body?: unknown, token = owner.token) =>
  app.send(method, at, { token, ...(body === undefined ? {} : { body }) });
const get = async (id: string) => (await send('GET', `${path}/${id}`)).body;
const stored = () => [...cluster.storedNumbers.values()];
async function create(body: object = NUMBER): Promise<string> {
  const created = await send('POST', path, body);
  expect(created).toMatchObject({ status: 201, body: { state: 'requested' } });
  await app.drain();
  return created.body.id;
}

beforeEach(async () => {
  await database.commit(systemScope, (q) => [q.delete(phoneNumbers)]);
  cluster = new FakeCallIns();
  ports.clusters = { ...ports.clusters, callIns: () => cluster };
  owner = await app.person();
});

it('a number is at its cluster with its networks and its password, which nothing here shows', async () => {
  const id = await create();
  expect(await get(id)).toMatchObject({ state: 'ready', reason: null, username: 'northwind' });
  expect(stored()).toMatchObject([
    {
      id,
      organizationId: owner.organizationId,
      number: NUMBER.number,
      // Single addresses, too: LiveKit compares an entry without a slash with what the caller claims.
      allowedNetworks: ['192.0.2.7/32', '198.51.100.0/24', '2001:db8::/32'],
      credentials: { username: 'northwind', password: PASSWORD },
    },
  ]);
  expect((await send('PATCH', `${path}/${id}`, { password: `${PASSWORD}-new` })).status).toBe(200);
  await app.drain();
  expect(stored()).toMatchObject([{ credentials: { password: `${PASSWORD}-new` } }]);
  const [rows] = await database.read(systemScope, (q) => [q.select().from(phoneNumbers)]);
  const logs = (await send('GET', '/api/v1/audit/logs?limit=100')).body;
  for (const shown of [await get(id), await send('GET', path), logs, rows])
    expect(JSON.stringify(shown)).not.toContain(PASSWORD);
});

it('it needs networks that are not too large, or a password', async () => {
  const { username: _user, password: _password, ...open } = NUMBER;
  for (const allowedNetworks of [[], ['0.0.0.0/0'], ['192.0.2.0/8'], ['provider.example'], ['::/16']])
    expect(await send('POST', path, { ...open, allowedNetworks })).toMatchObject({ status: 400 });
  const id = await create({ ...open, allowedNetworks: ['192.0.2.7'] });
  expect(await send('PATCH', `${path}/${id}`, { allowedNetworks: [] })).toMatchObject({
    status: 409,
    body: { code: 'phone_numbers.unprotected' },
  });
});

it('it belongs to one organization', async () => {
  await create();
  const other = await app.person();
  expect(await send('POST', path, NUMBER, other.token)).toMatchObject({
    status: 409,
    body: { code: 'phone_numbers.taken' },
  });
});

it('the cluster forgets it while it is switched off, and once it is deleted', async () => {
  const id = await create();
  await send('PATCH', `${path}/${id}`, { enabled: false });
  await app.drain();
  expect(await get(id)).toMatchObject({ state: 'off', reason: 'disabled' });
  expect(stored()).toEqual([]);
  await send('PATCH', `${path}/${id}`, { enabled: true });
  await app.drain();
  expect(stored()).toHaveLength(1);
  expect((await send('DELETE', `${path}/${id}`)).status).toBe(204);
  await app.drain();
  expect(stored()).toEqual([]);
});

it('it is there once although the answer was lost, and again when the cluster lost it', async () => {
  cluster.fault = 'loses_answer';
  const id = await create();
  cluster.fault = null;
  app.clock.advanceSeconds(20);
  await sweepPhoneNumbers(app.services);
  expect(await get(id)).toMatchObject({ state: 'ready' });
  expect(stored()).toHaveLength(1);
  cluster.storedNumbers.clear();
  await sweepNumbersOfClusters(app.services);
  expect(stored()).toMatchObject([{ id }]);
});

it('what no row is about is removed; what other installations have is left alone', async () => {
  await create();
  const [mine] = stored();
  const foreign = { ...mine!, id: app.services.ids.create('phoneNumber') };
  cluster.storedNumbers.set('ST_8', { ...foreign, ref: 'ST_8' });
  const organizationId = app.services.ids.create('organization');
  cluster.storedNumbers.set('ST_9', { ...foreign, organizationId, ref: 'ST_9' });
  await sweepNumbersOfClusters(app.services);
  expect(stored().map(({ ref }) => ref)).toEqual([mine!.ref, 'ST_9']);
});

it('one that the cluster refuses says so', async () => {
  cluster.fault = 'refuses';
  const id = await create();
  expect(await get(id)).toMatchObject({ state: 'failed', reason: 'refused' });
});
