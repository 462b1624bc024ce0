import { eq } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import { organizations } from '../../../src/identity/organizations/organizations.tables.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { routes } from '../../../workers/http.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { getSchemaFields } from './world.ts';

const account = { email: 'ada@northwind.example', password: 'violet-harbour-42-kites' };

let app: TestApp;
let token: string;
let organizationId: string;

async function create(path: string, body: unknown, status = 201) {
  const answer = await app.send('POST', path, { token, body });
  expect(answer).toMatchObject({ status });
  return answer.body;
}

/** Makes one more item of each list that has an order. */
const FILLERS: Record<string, (index: number) => Promise<unknown>> = {
  listSessions: () => create('/api/v1/auth/login', account, 200),
  listApiKeys: (index) => create('/api/v1/api-keys', { name: `Key ${index}`, scopes: ['read'] }),
  listMembers: () => app.person({ organizationId, role: 'member' }),
  listOrganizations: (index) => create('/api/v1/organizations', { name: 'Other', slug: `other-${index}` }),
  listDeletedOrganizations: async (index) => {
    const { id } = await create('/api/v1/organizations', { name: 'Former', slug: `former-${index}` });
    const set = { deletedAt: new Date(app.clock.now()) };
    await app.services.database.commit(systemScope, (q) => [
      q.update(organizations).set(set).where(eq(organizations.id, id)),
    ]);
  },
  listInvitations: (index) =>
    create(`/api/v1/organizations/${organizationId}/invitations`, {
      email: `colleague-${index}@northwind.example`,
      role: 'member',
    }),
  listRooms: (index) => create('/api/v1/rooms', { name: `Room ${index}` }),
  listLinks: async () =>
    create('/api/v1/links', { roomId: (await create('/api/v1/rooms', { name: 'R' })).id }),
};

beforeAll(async () => {
  app = createTestApp();
  const { body } = await app.send('POST', '/api/v1/auth/signup', { body: { ...account, name: 'Ada' } });
  token = body.accessToken;
  await app.drain();
  const proof = /#token=(\S+)/.exec(app.mailbox.latestTo(account.email).text)![1]!;
  await app.send('POST', '/api/v1/auth/email/verify', { body: { token: decodeURIComponent(proof) } });
  const { body: me } = await app.send('GET', '/api/v1/auth/whoami', { token });
  organizationId = me.organizationId;
});

it.each(
  routes
    .filter(({ query }) => getSchemaFields(query)?.order !== undefined)
    .map((route) => [route.operationId, route] as const),
)('%s: the newest first is the oldest first, backwards, also from page to page', async (name, route) => {
  const fill = FILLERS[name];
  if (!fill) throw new Error(`${name}: say in FILLERS how to make an item`);
  for (let index = 0; index < 4; index++) {
    await fill(index);
    app.clock.advanceSeconds(1);
  }
  const path = route.path.replace('{organizationId}', organizationId);
  const readAll = async (order: string) => {
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = `?limit=2${order}${cursor && `&cursor=${cursor}`}`;
      const answer = await app.send('GET', `${path}${query}`, { token });
      expect(answer).toMatchObject({ status: 200 });
      ids.push(...answer.body.data.map(({ id }: { id: string }) => id));
      cursor = answer.body.nextCursor;
    }
    return ids;
  };
  const oldestFirst = await readAll('');
  expect(oldestFirst.length).toBeGreaterThanOrEqual(4);
  expect(oldestFirst).toEqual(oldestFirst.toSorted());
  expect(await readAll('&order=asc')).toEqual(oldestFirst);
  expect(await readAll('&order=desc')).toEqual(oldestFirst.toReversed());
});
