import { evictDurableObject } from 'cloudflare:test';
import { and, eq } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { members } from '../../../src/identity/members/members.tables.ts';
import { sessions } from '../../../src/identity/sessions/sessions.tables.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { signAccessToken } from '../../../src/identity/access/index.ts';
import {
  call,
  connect,
  createNote,
  createSignedInPerson,
  inboxObject,
  open,
  port,
  services,
  type SignedInPerson,
} from '../../support/inbox-client.ts';

let owner: SignedInPerson;
let ann: SignedInPerson;

const setRole = (person: SignedInPerson, role: 'owner') =>
  services.database.commit(systemScope, (q) => [
    q.update(members).set({ role }).where(eq(members.userId, person.userId)),
  ]);

/** The same person on another device. */
async function secondDevice(person: SignedInPerson): Promise<SignedInPerson> {
  const sessionId = services.ids.create('session');
  const now = new Date();
  const expiresAt = new Date(now.getTime() + 3_600_000);
  const row = { id: sessionId, userId: person.userId, tokenHash: sessionId, createdAt: now, updatedAt: now };
  await services.database.commit(systemScope, (q) => [q.insert(sessions).values({ ...row, expiresAt })]);
  const { userId, organizationId } = person;
  const membership = { organizationId, role: 'member', plan: 'free' };
  const token = await signAccessToken(services.signer, { userId, sessionId, membership }, 3_600);
  return { ...person, sessionId, token };
}

async function changeMember(person: SignedInPerson, method: 'PATCH' | 'DELETE', body?: object) {
  const [[row]] = await services.database.read(systemScope, (q) => [
    q
      .select({ id: members.id })
      .from(members)
      .where(and(eq(members.userId, person.userId), eq(members.organizationId, owner.organizationId))),
  ]);
  const answer = await call(
    owner,
    method,
    `/api/v1/organizations/${owner.organizationId}/members/${row!.id}`,
    body,
  );
  expect(answer.status).toBeLessThan(300);
}

beforeEach(async () => {
  owner = await createSignedInPerson();
  await setRole(owner, 'owner');
  owner = { ...owner, token: await tokenOf(owner, 'owner') };
  ann = await createSignedInPerson(owner.organizationId);
});

const tokenOf = ({ userId, sessionId, organizationId }: SignedInPerson, role: string) =>
  signAccessToken(
    services.signer,
    { userId, sessionId, membership: { organizationId, role, plan: 'free' } },
    3_600,
  );

it('signing out closes the sockets of the session with the request, and those of other devices stay', async () => {
  const laptop = await secondDevice(ann);
  const [going, staying] = [await connect(ann), await connect(laptop)];
  await evictDurableObject(inboxObject(ann));
  expect((await call(ann, 'POST', '/api/v1/auth/logout')).status).toBe(204);
  expect(await going.waitForClose()).toBe(4401);
  await port.push(ann.organizationId, ann.userId, [createNote(1)]);
  await staying.waitForFrame('notification');
});

it.each(['removed', 'suspended'] as const)(
  'a member who is %s loses their sockets with the request',
  async (how) => {
    const device = await connect(ann);
    if (how === 'removed') await changeMember(ann, 'DELETE');
    else await changeMember(ann, 'PATCH', { status: 'suspended' });
    expect(await device.waitForClose()).toBe(4401);
  },
);

it('a ticket from before opens nothing any more: after signing out, and after a removal', async () => {
  expect((await call(ann, 'POST', '/api/v1/auth/logout')).status).toBe(204);
  await expect(open(ann)).rejects.toMatchObject({ code: 'auth.invalid_token' });
  const ben = await createSignedInPerson(owner.organizationId);
  await changeMember(ben, 'DELETE');
  await expect(open(ben)).rejects.toMatchObject({ code: 'auth.invalid_token' });
});

it('a changed role counts in open sockets at once: their frames are not refused as outdated', async () => {
  const device = await connect(ann);
  await changeMember(ann, 'PATCH', { role: 'guest' });
  expect(await device.sendAndWait({ type: 'presence.set', status: 'dnd' })).toMatchObject({ type: 'ack' });
});
