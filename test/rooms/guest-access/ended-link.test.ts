import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { settle } from '../../support/settle.ts';
import { createLinkFixture, type LinkFixture } from '../links/link-fixture.ts';

let app: TestApp;
let world: LinkFixture;
const as = (token: string) => (method: string, path: string, body?: object) =>
  app.send(method, `/api/v1${path}`, { token, ...(body ? { body } : {}) });
let host: ReturnType<typeof as>;
beforeEach(async () => {
  app = createTestApp();
  world = await createLinkFixture(app);
  host = as(world.host.token);
});

const wait = async () => {
  const link = await world.link({}, { lobby: true });
  const { body } = await world.join(link.code);
  expect(body.status).toBe('waiting');
  return { link, lobbyEntryId: body.lobbyEntryId, guest: as(body.guestTicket) };
};
const endLink = async (id: string, how: string) => {
  if (how === 'deleted') await host('DELETE', `/links/${id}`);
  else await world.change(id, how === 'deactivated' ? { isActive: false } : { access: 'restricted' });
  await settle(app);
};
const switchLobbyOff = async (roomId: string) => {
  expect((await host('PATCH', `/rooms/${roomId}`, { lobby: false })).status).toBe(200);
  await settle(app);
};

describe('a guest who only waited, and whose link admits nobody any longer', () => {
  it.each(['deleted', 'deactivated', 'restricted to members'])(
    'is not admitted when the lobby is switched off: a link that was %s',
    async (how) => {
      const { link, guest } = await wait();
      await endLink(link.id, how);
      await switchLobbyOff(link.roomId);
      expect(await guest('POST', `/rooms/${link.roomId}/token`, {})).toMatchObject({
        status: 403,
        body: { code: 'rooms.denied' },
      });
      expect((await host('GET', `/rooms/${link.roomId}/lobby`)).body.data).toHaveLength(1);
    },
  );

  it('is not admitted with their ticket after their lobby entry has expired', async () => {
    const { link, guest } = await wait();
    await host('DELETE', `/links/${link.id}`);
    app.clock.advanceSeconds(3 * 3600);
    const owner = await app.person({ role: 'owner', organizationId: world.host.organizationId });
    await as(owner.token)('PATCH', `/rooms/${link.roomId}`, { lobby: false });
    expect((await guest('POST', `/rooms/${link.roomId}/token`, {})).status).toBe(403);
  });

  it('is admitted when a moderator admits them', async () => {
    const { link, lobbyEntryId, guest } = await wait();
    await endLink(link.id, 'deleted');
    await host('POST', `/rooms/${link.roomId}/lobby/${lobbyEntryId}/admit`);
    expect((await guest('POST', `/rooms/${link.roomId}/token`, {})).body.status).toBe('admitted');
  });
});

it('a guest who was in the room returns to it with their ticket after the link was deleted', async () => {
  const link = await world.link();
  const { body } = await world.join(link.code);
  await endLink(link.id, 'deleted');
  expect((await as(body.guestTicket)('POST', `/rooms/${link.roomId}/token`, {})).body.status).toBe(
    'admitted',
  );
});

describe('a link for one call', () => {
  it('lets its guest neither see nor moderate the room after the call, nor the next call', async () => {
    const roomId = await world.room();
    const enter = async () => (await host('POST', `/rooms/${roomId}/token`, {})).body.callId as string;
    const callId = await enter();
    const link = await world.link({ callId, defaultRole: 'moderator' });
    const guest = as((await world.join(link.code)).body.guestTicket);
    const path = `/rooms/${roomId}`;
    const statuses = async () => ({
      roster: (await guest('GET', `${path}/participants`)).status,
      lobby: (await guest('GET', `${path}/lobby`)).status,
      poll: (await guest('POST', `${path}/polls`, { question: 'A?', options: ['a', 'b'] })).status,
      chat: (await guest('GET', `${path}/messages`)).status,
      lock: (await guest('POST', `${path}/lock`)).status,
      unlock: (await guest('POST', `${path}/unlock`)).status,
    });
    const allowed = { roster: 200, lobby: 200, poll: 201, chat: 200, lock: 200, unlock: 200 };
    const refused = { roster: 403, lobby: 403, poll: 403, chat: 403, lock: 403, unlock: 403 };
    expect(await statuses()).toEqual(allowed);
    await endCall(callId);
    expect(await statuses()).toEqual(refused);
    expect(await enter()).not.toBe(callId);
    expect(await statuses()).toEqual(refused);
    expect((await guest('POST', `${path}/end`)).status).toBe(403);
    expect((await guest('POST', `${path}/token`, {})).status).toBe(409);
  });
});

async function endCall(callId: string): Promise<void> {
  app.liveKit.cluster.join(callId, world.host.userId);
  await settle(app);
  app.liveKit.cluster.end(callId);
  await settle(app);
  app.clock.advanceSeconds(200);
}
