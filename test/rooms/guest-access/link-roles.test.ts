import { TokenVerifier } from 'livekit-server-sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { deliverAll } from '../../calls/calls/support.ts';
import { createLinkFixture, type LinkFixture } from '../links/link-fixture.ts';

/** A person gets the role of a link when they are admitted by it, not before; and each use is counted. */
let app: TestApp;
let world: LinkFixture;

beforeEach(async () => {
  app = createTestApp();
  world = await createLinkFixture(app);
});

const sendToRoom = (roomId: string, method: string, path: string, token: string, body?: unknown) =>
  app.send(method, `/api/v1/rooms/${roomId}${path}`, { token, ...(body === undefined ? {} : { body }) });
const requestToken = (roomId: string, token: string) => sendToRoom(roomId, 'POST', '/token', token, {});
const admit = (roomId: string, entryId: string) =>
  sendToRoom(roomId, 'POST', `/lobby/${entryId}/admit`, world.host.token);
const usesOf = async (linkId: string) => (await world.read(linkId)).body.uses as number;
const sourcesOf = async (token: string) =>
  (await new TokenVerifier(app.liveKit.apiKey, app.liveKit.apiSecret).verify(token)).video!.canPublishSources;
/** A link that requires approval and gives this role. */
const createApprovalLink = (defaultRole: string, settings: Record<string, unknown> = {}) =>
  world.link({ requireApproval: true, defaultRole, ...settings });

describe.each(['moderator', 'host'])('a guest who waits for approval to be a %s', (role) => {
  it('can neither see the lobby, nor admit anybody, nor end the room', async () => {
    const { code, roomId } = await createApprovalLink(role);
    const { body } = await world.join(code);
    expect(body.status).toBe('waiting');
    for (const [method, path, code] of [
      ['GET', '/lobby', 'lobby.not_moderator'],
      ['POST', `/lobby/${body.lobbyEntryId}/admit`, 'lobby.not_moderator'],
      ['POST', '/lobby/admit-all', 'lobby.not_moderator'],
      ['POST', '/end', 'moderation.not_moderator'],
    ] as const)
      expect(
        await sendToRoom(roomId, method, path, body.guestTicket, method === 'POST' ? {} : undefined),
        path,
      ).toMatchObject({ status: 403, body: { code } });
    expect(await requestToken(roomId, body.guestTicket)).toMatchObject({ status: 202 });
  });

  it('is one once they were admitted and have joined', async () => {
    const { code, roomId, id } = await createApprovalLink(role);
    const { body } = await world.join(code);
    await admit(roomId, body.lobbyEntryId);
    // The role in which they were admitted, whatever the link gives since.
    await world.change(id, { defaultRole: 'viewer' });
    expect((await requestToken(roomId, body.guestTicket)).body).toMatchObject({ status: 'admitted', role });
    expect(await sendToRoom(roomId, 'GET', '/lobby', body.guestTicket)).toMatchObject({ status: 200 });
    expect((await requestToken(roomId, body.guestTicket)).body).toMatchObject({ role });
    expect(await usesOf(id)).toBe(1);
  });

  it('waits again, without the role, when they join too late', async () => {
    const { code, roomId } = await createApprovalLink(role);
    const { body } = await world.join(code);
    await admit(roomId, body.lobbyEntryId);
    app.clock.advanceSeconds(601);
    const late = await requestToken(roomId, body.guestTicket);
    expect(late).toMatchObject({ status: 202 });
    expect(await sendToRoom(roomId, 'GET', '/lobby', body.guestTicket)).toMatchObject({ status: 403 });
  });
});

describe('a member who waits for approval to be a moderator', () => {
  let bob: Person;

  beforeEach(async () => {
    bob = await world.colleague();
  });

  it('is none when they join through the room itself', async () => {
    const { code, roomId } = await createApprovalLink('moderator');
    expect(await world.joinAsMember(code, bob)).toMatchObject({ status: 202 });
    expect((await requestToken(roomId, bob.token)).body).toMatchObject({
      status: 'admitted',
      role: 'participant',
    });
    expect(await sendToRoom(roomId, 'GET', '/lobby', bob.token)).toMatchObject({ status: 403 });
    // A seat in the call does not replace the approval.
    expect(await world.joinAsMember(code, bob)).toMatchObject({ status: 202 });
  });

  it.each(['link', 'room'])('is one once they were admitted and join by the %s', async (way) => {
    const { code, roomId, id } = await createApprovalLink('moderator');
    const { body } = await world.joinAsMember(code, bob);
    await admit(roomId, body.lobbyEntryId);
    expect(await sendToRoom(roomId, 'GET', '/lobby', bob.token)).toMatchObject({ status: 403 });
    const came = way === 'link' ? await world.joinAsMember(code, bob) : await requestToken(roomId, bob.token);
    expect(came.body).toMatchObject({ status: 'admitted', role: 'moderator' });
    expect(await sendToRoom(roomId, 'GET', '/lobby', bob.token)).toMatchObject({ status: 200 });
    expect((await requestToken(roomId, bob.token)).body).toMatchObject({ role: 'moderator' });
    expect(await usesOf(id)).toBe(1);
  });

  it('keeps the role they wait for when they join through the room, which has a lobby, too', async () => {
    const {
      id: linkId,
      code,
      roomId,
    } = await world.link({ requireApproval: true, defaultRole: 'moderator' }, { lobby: true });
    const { body } = await world.joinAsMember(code, bob);
    expect((await requestToken(roomId, bob.token)).body).toMatchObject({
      status: 'waiting',
      lobbyEntryId: body.lobbyEntryId,
    });
    expect((await sendToRoom(roomId, 'GET', '/lobby', world.host.token)).body.data).toMatchObject([
      { role: 'moderator' },
    ]);
    await admit(roomId, body.lobbyEntryId);
    expect((await requestToken(roomId, bob.token)).body).toMatchObject({ role: 'moderator' });
    expect(await usesOf(linkId)).toBe(1);
  });

  it('is none by another link that needs no approval, even when its room releases those who wait', async () => {
    const { code, roomId } = await createApprovalLink('moderator');
    const open = await world.link({ roomId });
    expect(await world.joinAsMember(code, bob)).toMatchObject({ status: 202 });
    const { callId, role } = (await world.joinAsMember(open.code, bob)).body;
    expect(role).toBe('participant');
    app.liveKit.cluster.join(callId, bob.userId);
    await deliverAll(app);
    expect((await requestToken(roomId, bob.token)).body).toMatchObject({ role: 'participant' });
    // They still wait for the decision of a moderator.
    const { data } = (await sendToRoom(roomId, 'GET', '/lobby', world.host.token)).body;
    expect(data).toMatchObject([{ identity: bob.userId, role: 'moderator' }]);
    await admit(roomId, data[0].id);
    expect((await requestToken(roomId, bob.token)).body).toMatchObject({ role: 'moderator' });
  });

  it('is not admitted in a higher role than the one that was approved', async () => {
    const roomId = await world.room({ lobby: true });
    const { lobbyEntryId } = (await requestToken(roomId, bob.token)).body;
    await admit(roomId, lobbyEntryId);
    const { code } = await createApprovalLink('moderator', { roomId });
    expect(await world.joinAsMember(code, bob)).toMatchObject({ status: 202 });
  });
});

describe('an exhausted link', () => {
  it('gives its role only to people who used it, whichever seat others have', async () => {
    const { code, roomId, id } = await world.link({ maxUses: 1, defaultRole: 'moderator' });
    await world.join(code);
    const bob = await world.colleague();
    expect((await world.joinAsMember(code, bob)).body).toMatchObject({ code: 'links.exhausted' });
    expect((await requestToken(roomId, bob.token)).body).toMatchObject({ role: 'participant' });
    expect((await world.joinAsMember(code, bob)).body).toMatchObject({ code: 'links.exhausted' });
    expect((await requestToken(roomId, bob.token)).body).toMatchObject({ role: 'participant' });
    expect(await usesOf(id)).toBe(1);
  });

  it('can still be used by the member who used it', async () => {
    const { code, id } = await world.link({ maxUses: 1 });
    const bob = await world.colleague();
    await world.joinAsMember(code, bob);
    app.clock.advanceSeconds(200);
    expect(await world.joinAsMember(code, bob)).toMatchObject({ status: 200 });
    expect(await usesOf(id)).toBe(1);
  });
});

describe('a person who returns through the room itself', () => {
  it('is limited by the link they used, as a member', async () => {
    const { code, roomId } = await world.link({ enableScreenShare: false });
    const bob = await world.colleague();
    await world.joinAsMember(code, bob);
    const before = app.roundTrips();
    const back = await requestToken(roomId, bob.token);
    expect(app.roundTrips() - before).toBe(2);
    expect(await sourcesOf(back.body.token)).toEqual(['camera', 'microphone']);
    const open = await world.link({ roomId });
    await world.joinAsMember(open.code, bob);
    expect(await sourcesOf((await requestToken(roomId, bob.token)).body.token)).toContain('screen_share');
  });

  it('is not limited by any link, as a host', async () => {
    const { code, roomId } = await world.link({ enableScreenShare: false, defaultRole: 'host' });
    const { body } = await world.joinAsMember(code, world.host);
    for (const { token } of [body, (await requestToken(roomId, world.host.token)).body])
      expect(await sourcesOf(token)).toContain('screen_share');
  });
});
