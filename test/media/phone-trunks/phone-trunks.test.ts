import { beforeEach, expect, it } from 'vitest';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { phoneTrunks } from '../../../src/media/phone-trunks/phone-trunks.tables.ts';
import { createOutgoing } from '../../../src/platform/outgoing/index.ts';
import { createTestApp, type Person } from '../../support/app.ts';

const PASSWORD = 'the-password-of-the-line';
const TRUNK = {
  name: 'Main line',
  address: 'sip.provider.example:5061',
  transport: 'tls',
  numbers: ['+493012345678'],
  username: 'northwind',
  password: PASSWORD,
};
const app = createTestApp();
/** What every name leads to. */
let leadsTo = '93.184.216.34';
app.services.ports.outgoing = createOutgoing({
  resolver: { resolve: async () => [leadsTo] },
  fetcher: app.storage.fetch,
});
let owner: Person;
const path = '/api/v1/phone-trunks';
const send = (method: string, at: string, body?: unknown, token = owner.token) =>
  app.send(method, at, { token, ...(body === undefined ? {} : { body }) });
const readRows = async () =>
  (await app.services.database.read(systemScope, (q) => [q.select().from(phoneTrunks)]))[0];

beforeEach(async () => {
  leadsTo = '93.184.216.34';
  owner = await app.person();
});

it('a trunk is stored with its password encrypted, which nothing shows', async () => {
  const created = await send('POST', path, TRUNK);
  expect(created).toMatchObject({
    status: 201,
    body: { address: 'sip.provider.example:5061', enabled: true, allowedPrefixes: [], username: 'northwind' },
  });
  const at = `${path}/${created.body.id}`;
  const updated = await send('PATCH', at, { password: `${PASSWORD}-new`, allowedPrefixes: ['+49'] });
  expect(updated).toMatchObject({ status: 200, body: { allowedPrefixes: ['+49'] } });
  const logs = (await send('GET', '/api/v1/audit/logs?limit=100')).body;
  const actions = Object.fromEntries(
    logs.data.map(({ action, after }: { action: string; after: unknown }) => [action, after]),
  );
  expect(actions['phone_trunk.updated']).toMatchObject({ passwordReplaced: true });
  for (const shown of [created, updated, logs, await send('GET', path), await readRows()])
    expect(JSON.stringify(shown)).not.toContain(PASSWORD);
  expect(await send('DELETE', at)).toMatchObject({ status: 204 });
  expect(await send('GET', at)).toMatchObject({ status: 404, body: { code: 'phone_trunks.not_found' } });
});

it('its address leads to the public internet, on a port of telephones', async () => {
  for (const address of ['127.0.0.1', 'sip.provider.example:6379', 'pbx.internal', '[::1]:5060'])
    expect((await send('POST', path, { ...TRUNK, address })).status).toBeOneOf([400, 422]);
  leadsTo = '10.0.0.7';
  expect(await send('POST', path, TRUNK)).toMatchObject({ body: { code: 'outgoing.address_refused' } });
});

it('its address never changes, and a password comes with its user name', async () => {
  const { body } = await send('POST', path, { ...TRUNK, username: undefined, password: undefined });
  const at = `${path}/${body.id}`;
  for (const change of [{ address: 'sip.other.example' }, { username: 'somebody' }])
    expect(await send('PATCH', at, change)).toMatchObject({ status: 400 });
  expect(await send('PATCH', at, { password: PASSWORD })).toMatchObject({
    status: 409,
    body: { code: 'phone_trunks.no_username' },
  });
});

it('members neither see nor change trunks, and another organization finds none', async () => {
  const { body } = await send('POST', path, TRUNK);
  const member = await app.person({ role: 'member', organizationId: owner.organizationId });
  expect(await send('GET', path, undefined, member.token)).toMatchObject({ status: 403 });
  expect(await send('POST', path, TRUNK, member.token)).toMatchObject({ status: 403 });
  const other = await app.person();
  expect(await send('GET', `${path}/${body.id}`, undefined, other.token)).toMatchObject({ status: 404 });
});
