import { beforeEach, describe, expect, it } from 'vitest';
import { ROLES, permissionsOfRole } from '../../../src/identity/access/index.ts';
import { permits } from '../../../src/kernel/core/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { settle } from '../../support/settle.ts';
import { createLinkFixture, type LinkFixture } from '../links/link-fixture.ts';

let app: TestApp;
let world: LinkFixture;
let colleague: Person;
let roomId: string;
const as = (token: string) => (method: string, path: string, body?: object) =>
  app.send(method, `/api/v1${path}`, { token, ...(body ? { body } : {}) });
beforeEach(async () => {
  app = createTestApp();
  world = await createLinkFixture(app);
  colleague = await world.colleague();
  roomId = (await as(colleague.token)('POST', '/rooms', { name: 'Room' })).body.id;
});
const createLink = async (token: string, defaultRole: string) => {
  const link = await as(token)('POST', '/links', { roomId, defaultRole });
  expect(link.status).toBe(201);
  return link.body as { code: string };
};
const setMember = (set: string) =>
  ownerSql(`update members set ${set} where user_id = $1 and organization_id = $2`, [
    colleague.userId,
    world.host.organizationId,
  ]);
const lock = (token: string) => as(token)('POST', `/rooms/${roomId}/lock`);

describe('the link of a creator who left the organization', () => {
  it.each(['host', 'moderator', 'participant', 'viewer'])(
    'gives no more than participant: %s',
    async (role) => {
      const { code } = await createLink(colleague.token, role);
      await setMember(`status = 'suspended'`);
      const { body } = await world.join(code);
      expect(body).toMatchObject({ status: 'admitted', role: role === 'viewer' ? 'viewer' : 'participant' });
      expect((await lock(body.guestTicket)).status).toBe(403);
    },
  );

  it('takes from its guests the role that it gave them, also when they join again', async () => {
    const { code } = await createLink(colleague.token, 'host');
    const { guestTicket } = (await world.join(code)).body;
    expect((await lock(guestTicket)).status).toBe(200);
    await setMember(`status = 'suspended'`);
    expect((await lock(guestTicket)).status).toBe(403);
    const again = await as(guestTicket)('POST', `/rooms/${roomId}/token`, {});
    expect(again.body).toMatchObject({ status: 'admitted', role: 'participant' });
  });

  it('leaves a role that another host gave', async () => {
    const { code } = await createLink(colleague.token, 'participant');
    const { guestTicket, participantId } = (await world.join(code)).body;
    await as(world.host.token)('PATCH', `/rooms/${roomId}/participants/${participantId}`, {
      role: 'moderator',
    });
    await setMember(`status = 'suspended'`);
    expect((await lock(guestTicket)).status).toBe(200);
  });
});

it('gives its role again when the creator is back', async () => {
  const { code } = await createLink(colleague.token, 'host');
  await setMember(`status = 'suspended'`);
  await setMember(`status = 'active'`);
  expect((await world.join(code)).body.role).toBe('host');
});

it.each(ROLES)(
  'the creator of a link to the room of another user needs a role that manages rooms: %s',
  async (role) => {
    roomId = await world.room();
    await setMember(`role = 'admin'`);
    const admin = await as(world.host.token)('POST', '/links', { roomId, defaultRole: 'host' });
    await ownerSql('update links set created_by = $1 where id = $2', [colleague.userId, admin.body.id]);
    await setMember(`role = '${role}'`);
    const expected = permits(permissionsOfRole(role), 'rooms:manage') ? 'host' : 'participant';
    expect((await world.join(admin.body.code)).body.role).toBe(expected);
  },
);

describe('the link of an API key', () => {
  const createKey = async () =>
    (await as(world.host.token)('POST', '/api-keys', { name: 'Bot', scopes: ['rooms:write'] })).body;
  const narrow = { scopes: ['rooms:read'] };

  it.each(['active', 'revoked', 'narrowed', 'expired'])(
    'makes hosts only with a key that manages rooms: %s',
    async (how) => {
      const { id, secret } = await createKey();
      const { code } = await createLink(secret, 'host');
      if (how === 'revoked') await as(world.host.token)('DELETE', `/api-keys/${id}`);
      if (how === 'narrowed') await as(world.host.token)('PATCH', `/api-keys/${id}`, narrow);
      if (how === 'expired')
        await ownerSql(`update api_keys set expires_at = now() - interval '1 s' where id = $1`, [id]);
      const { body } = await world.join(code);
      expect(body).toMatchObject({ status: 'admitted', role: how === 'active' ? 'host' : 'participant' });
    },
  );
});

it('a link for one call makes a member a moderator of that call only', async () => {
  const host = as(world.host.token);
  const { callId } = (await host('POST', `/rooms/${roomId}/token`, {})).body;
  const link = await world.link({ callId, defaultRole: 'moderator' });
  const member = await world.colleague();
  expect((await world.joinAsMember(link.code, member)).body.role).toBe('moderator');
  expect((await lock(member.token)).status).toBe(200);
  expect((await as(member.token)('POST', `/rooms/${roomId}/unlock`)).status).toBe(200);
  app.liveKit.cluster.join(callId, world.host.userId);
  await settle(app);
  app.liveKit.cluster.end(callId);
  await settle(app);
  expect((await lock(member.token)).status).toBe(403);
  const next = await as(member.token)('POST', `/rooms/${roomId}/token`, {});
  expect(next.body).toMatchObject({ status: 'admitted', role: 'participant' });
  expect((await lock(member.token)).status).toBe(403);
});
