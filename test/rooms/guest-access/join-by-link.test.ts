import { TokenVerifier } from 'livekit-server-sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import { verifyRoomTicket } from '../../../src/realtime/protocol/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createLinkFixture, type LinkFixture } from '../links/link-fixture.ts';

let app: TestApp;
let world: LinkFixture;

beforeEach(async () => {
  app = createTestApp();
  world = await createLinkFixture(app);
});

const grantsOf = async (token: string) =>
  (await new TokenVerifier(app.liveKit.apiKey, app.liveKit.apiSecret).verify(token)).video!;
const ticketOf = (body: { realtime: { ticket: string } }) =>
  verifyRoomTicket(app.services.signer, body.realtime.ticket);
const requestToken = (roomId: string, token: string, body: unknown = {}) =>
  app.send('POST', `/api/v1/rooms/${roomId}/token`, { token, body });
const usesOf = async (linkId: string) => (await world.read(linkId)).body.uses as number;
const admit = (roomId: string, entryId: string) =>
  app.send('POST', `/api/v1/rooms/${roomId}/lobby/${entryId}/admit`, { token: world.host.token });
const KEY = 'k3mP0zq7Xy2LrT9wVb5NdA';

describe('joining as a guest', () => {
  it('gives a seat, a media token, a ticket for the socket and a guest ticket for the API', async () => {
    const { code, roomId, id } = await world.link();
    const { status, body } = await world.join(code, { name: 'Grace' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'admitted',
      roomId,
      role: 'participant',
      identity: expect.stringMatching(/^gst_/),
      guestTicket: expect.stringMatching(/^guest\./),
      guestTicketExpiresAt: new Date(app.clock.now() + 12 * 3600_000).toISOString(),
    });
    expect(await grantsOf(body.token)).toMatchObject({ room: body.callId, canPublish: true });
    expect(await ticketOf(body)).toMatchObject({
      roomId,
      identity: body.identity,
      name: 'Grace',
      kind: 'guest',
      linkId: id,
      userId: null,
    });
    expect(await usesOf(id)).toBe(1);
    expect((await world.read(id)).body.lastUsedAt).not.toBeNull();
  });

  it('again with the ticket gives the same seat and does not use the link', async () => {
    const { code, roomId, id } = await world.link({ maxUses: 1 });
    const first = await world.join(code);
    await world.change(id, { isActive: false });
    app.clock.advanceSeconds(200);
    const second = await requestToken(roomId, first.body.guestTicket);
    expect(second.body).toMatchObject({
      status: 'admitted',
      identity: first.body.identity,
      participantId: first.body.participantId,
      role: first.body.role,
    });
    expect(await usesOf(id)).toBe(1);
    app.clock.advanceSeconds(12 * 3600);
    expect((await requestToken(roomId, first.body.guestTicket)).body).toMatchObject({
      code: 'auth.expired_token',
    });
  });

  it('again with the same visitor key is the same guest, and one use', async () => {
    const { code, id } = await world.link({ maxUses: 1 });
    const [first, second] = [
      await world.join(code, { visitorKey: KEY }),
      await world.join(code, { visitorKey: KEY }),
    ];
    expect(second).toMatchObject({ status: 200, body: { identity: first.body.identity } });
    expect(second.body.participantId).toBe(first.body.participantId);
    expect(await usesOf(id)).toBe(1);
    expect((await world.join(code)).body).toMatchObject({ code: 'links.exhausted' });
    const other = await world.link();
    const elsewhere = await world.join(other.code, { visitorKey: KEY });
    expect(elsewhere.body.identity).not.toBe(first.body.identity);
  });

  it('twice at once with one visitor key is one guest and one use', async () => {
    const { code, id } = await world.link({ maxUses: 3 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => world.join(code, { visitorKey: KEY })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.participantId)).size).toBe(1);
    expect(await usesOf(id)).toBe(1);
  });

  it('is all or nothing: a guest who finds the room full has not used the link', async () => {
    const { code, id, roomId } = await world.link({}, { capacity: 1 });
    expect(await world.join(code)).toMatchObject({ status: 200 });
    expect((await world.join(code)).body).toMatchObject({ status: 409, code: 'rooms.full' });
    expect(await usesOf(id)).toBe(1);
    const people = await ownerSql('select identity from room_people where room_id = $1', [roomId]);
    expect(people).toHaveLength(1);
  });

  it('writes an event for each use', async () => {
    const { code, id } = await world.link();
    await world.join(code, { visitorKey: KEY });
    await world.join(code, { visitorKey: KEY });
    const rows = await ownerSql(`select payload from outbox where type = 'link.used' and key = $1`, [id]);
    expect(rows).toHaveLength(1);
  });

  it('is refused to guests who were removed, by ticket and by visitor key', async () => {
    const { code, roomId } = await world.link();
    const { body } = await world.join(code, { visitorKey: KEY });
    await ownerSql('update room_people set removed_at = now() where identity = $1', [body.identity]);
    for (const answer of [
      await requestToken(roomId, body.guestTicket),
      await world.join(code, { visitorKey: KEY }),
    ])
      expect(answer.body).toMatchObject({ status: 403, code: 'rooms.removed' });
  });
});

describe('uses', () => {
  it('never exceed the maximum, however many guests join at once', async () => {
    const { code, id, roomId } = await world.link({ maxUses: 10 }, { capacity: 100 });
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, at) => world.join(code, { name: `Guest ${at}` })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    const refused = answers.filter(({ status }) => status !== 200).map(({ body }) => body.code);
    expect(new Set(refused)).toEqual(new Set(['links.exhausted']));
    expect(await usesOf(id)).toBe(10);
    const people = await ownerSql('select identity from room_people where room_id = $1', [roomId]);
    expect(people).toHaveLength(10);
  });

  it('are never given back: a maximum below them exhausts the link', async () => {
    const { code, id } = await world.link();
    await world.join(code);
    await world.join(code);
    expect((await world.change(id, { maxUses: 2 })).body).toMatchObject({ status: 'exhausted' });
    expect((await world.join(code)).body).toMatchObject({ code: 'links.exhausted' });
    await world.change(id, { maxUses: 3 });
    expect(await world.join(code)).toMatchObject({ status: 200 });
  });
});

describe('the switches of a link', () => {
  it.each([
    ['enableScreenShare', 'screenShare'],
    ['enableChat', 'chat'],
    ['enableRecording', 'recording'],
  ])('%s: off disables the feature for its guests, also when they return', async (name, feature) => {
    const features = { recording: true, screenShare: true, chat: true };
    const on = await world.link({ [name]: true }, { features });
    const off = await world.link({ [name]: false }, { features });
    for (const [{ code, roomId }, offered] of [
      [on, true],
      [off, false],
    ] as const) {
      const { body } = await world.join(code);
      expect((await ticketOf(body)).features).toMatchObject({ [feature]: offered });
      const { body: back } = await requestToken(roomId, body.guestTicket);
      expect((await ticketOf(back)).features).toMatchObject({ [feature]: offered });
    }
  });

  it('enableScreenShare: off removes the screen from the sources of the media token', async () => {
    const { code, roomId } = await world.link({ enableScreenShare: false });
    const { body } = await world.join(code);
    const back = await requestToken(roomId, body.guestTicket);
    for (const { token } of [body, back.body])
      expect((await grantsOf(token)).canPublishSources).toEqual(['camera', 'microphone']);
    const open = await world.link();
    expect((await grantsOf((await world.join(open.code)).body.token)).canPublishSources).toContain(
      'screen_share',
    );
  });

  it('never enable what the room does not have', async () => {
    const features = { screenShare: false, chat: false, recording: false };
    const { code } = await world.link({ enableRecording: true }, { features });
    const { body } = await world.join(code);
    expect((await ticketOf(body)).features).toMatchObject(features);
    expect((await grantsOf(body.token)).canPublishSources).not.toContain('screen_share');
  });
});

describe('the role of a link', () => {
  it.each(['host', 'moderator', 'participant', 'viewer'])('%s is the role of its guests', async (role) => {
    const { code, roomId } = await world.link({ defaultRole: role });
    const { body } = await world.join(code);
    expect(body).toMatchObject({ role });
    expect(await grantsOf(body.token)).toMatchObject({ canPublish: role !== 'viewer' });
    expect((await requestToken(roomId, body.guestTicket)).body).toMatchObject({ role });
    if (role !== 'host')
      expect((await requestToken(roomId, body.guestTicket, { role: 'host' })).body).toMatchObject({
        code: 'rooms.role_not_allowed',
      });
  });

  it('stays the same for guests who joined before it changed', async () => {
    const { code, id, roomId } = await world.link({ defaultRole: 'viewer' });
    const { body } = await world.join(code);
    await world.change(id, { defaultRole: 'moderator' });
    expect((await requestToken(roomId, body.guestTicket)).body).toMatchObject({ role: 'viewer' });
    expect((await world.join(code)).body).toMatchObject({ role: 'moderator' });
  });
});

describe('approval', () => {
  it('lets guests wait, and they join with their ticket once they are admitted', async () => {
    const { code, roomId, id } = await world.link({ requireApproval: true });
    const { status, body, headers } = await world.join(code, { visitorKey: KEY });
    expect(status).toBe(202);
    expect(body).toMatchObject({ status: 'waiting', roomId, guestTicket: expect.any(String) });
    expect(body).not.toHaveProperty('token');
    expect(headers.get('location')).toBe(`/api/v1/rooms/${roomId}/lobby/${body.lobbyEntryId}`);
    expect(await ticketOf(body)).toMatchObject({ lobbyEntryId: body.lobbyEntryId, callId: null });
    expect(app.liveRooms.commandTypesOf(roomId)).toEqual(['lobby.waiting']);
    // Neither the ticket nor a second request passes the lobby.
    expect(await requestToken(roomId, body.guestTicket)).toMatchObject({ status: 202 });
    expect((await world.join(code, { visitorKey: KEY })).body).toMatchObject({
      status: 'waiting',
      lobbyEntryId: body.lobbyEntryId,
    });
    expect(await usesOf(id)).toBe(1);
    await admit(roomId, body.lobbyEntryId);
    expect((await requestToken(roomId, body.guestTicket)).body).toMatchObject({
      status: 'admitted',
      identity: body.identity,
    });
  });

  it('that is denied refuses them', async () => {
    const { code, roomId } = await world.link({ requireApproval: true });
    const { body } = await world.join(code);
    const path = `/api/v1/rooms/${roomId}/lobby/${body.lobbyEntryId}/deny`;
    await app.send('POST', path, { token: world.host.token });
    expect((await requestToken(roomId, body.guestTicket)).body).toMatchObject({ code: 'rooms.denied' });
  });

  it('is also required of people whom the link makes moderators', async () => {
    const { code, roomId } = await world.link({ requireApproval: true, defaultRole: 'moderator' });
    const { body } = await world.join(code);
    expect(body).toMatchObject({ status: 'waiting' });
    await admit(roomId, body.lobbyEntryId);
    expect((await requestToken(roomId, body.guestTicket)).body).toMatchObject({ role: 'moderator' });
  });

  it("is required by the room's own lobby even if the link does not require it", async () => {
    const { code } = await world.link({}, { lobby: true });
    expect(await world.join(code)).toMatchObject({ status: 202 });
  });
});

describe('joining as a member', () => {
  it('is under their own identity, with the higher of their role and the link’s', async () => {
    const person = await world.colleague();
    const up = await world.link({ access: 'restricted', defaultRole: 'moderator' });
    const { body } = await world.joinAsMember(up.code, person, { name: 'Ada' });
    expect(body).toMatchObject({ status: 'admitted', identity: person.userId, role: 'moderator' });
    expect(body).not.toHaveProperty('guestTicket');
    expect((await requestToken(up.roomId, person.token)).body).toMatchObject({ role: 'moderator' });
    const down = await world.link({ defaultRole: 'viewer' });
    expect((await world.joinAsMember(down.code, person)).body).toMatchObject({ role: 'participant' });
  });

  it('does not restore a role that a host took away', async () => {
    const person = await world.colleague();
    const { code, roomId } = await world.link({ defaultRole: 'moderator' });
    await world.joinAsMember(code, person);
    await ownerSql(`update room_people set role = 'viewer' where room_id = $1 and identity = $2`, [
      roomId,
      person.userId,
    ]);
    expect((await world.joinAsMember(code, person)).body).toMatchObject({ role: 'viewer' });
  });

  it('uses the link once', async () => {
    const { code, id } = await world.link({ maxUses: 2 });
    const person = await world.colleague();
    await world.joinAsMember(code, person);
    await world.joinAsMember(code, person);
    expect(await usesOf(id)).toBe(1);
  });

  it('waits for approval, except for moderators of the room', async () => {
    const { code } = await world.link({ requireApproval: true });
    expect(await world.joinAsMember(code, await world.colleague())).toMatchObject({ status: 202 });
    expect(await world.joinAsMember(code, world.host)).toMatchObject({ status: 200 });
  });

  it('limits the features to those that the link enables', async () => {
    const { code } = await world.link({ enableChat: false });
    const { body } = await world.joinAsMember(code, await world.colleague());
    expect((await ticketOf(body)).features).toMatchObject({ chat: false });
  });

  it('is refused to API keys', async () => {
    const body = { name: 'Key', scopes: ['rooms:read'] };
    const { body: key } = await app.send('POST', '/api/v1/api-keys', { token: world.host.token, body });
    const { code } = await world.link();
    const answer = await app.send('POST', `/api/v1/links/${code}/join-as-member`, {
      token: key.secret,
      body: {},
    });
    expect(answer.body).toMatchObject({ status: 403, code: 'auth.forbidden' });
  });
});
