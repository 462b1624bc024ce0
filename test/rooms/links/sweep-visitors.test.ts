import { beforeEach, describe, expect, it } from 'vitest';
import { sweepLobby } from '../../../src/rooms/lobby/index.ts';
import { sweepVisitors } from '../../../src/rooms/links/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { createLinkFixture, headersFrom, type LinkFixture } from './link-fixture.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

let app: TestApp;
let world: LinkFixture;

beforeEach(async () => {
  app = createTestApp();
  world = await createLinkFixture(app);
});

const sweep = async () => {
  await sweepLobby(app.services);
  await sweepVisitors(app.services);
};

describe('visitors of a link', () => {
  const rows = async (linkId: string) =>
    (await ownerSql('select 1 from link_visitors where link_id = $1', [linkId])).length;
  const createVisitedLink = async (settings: Record<string, unknown> = {}) => {
    const link = await world.link(settings);
    await world.validate(link.code, {}, headersFrom('203.0.113.7'));
    return link;
  };

  it('are one for each network, whatever their browsers send', async () => {
    const { id, code } = await world.link();
    for (let at = 0; at < 12; at++) await world.validate(code, {}, headersFrom('203.0.113.7', `agent ${at}`));
    expect(await rows(id)).toBe(1);
    expect((await world.read(id)).body).toMatchObject({ clicks: 12, uniqueVisitors: 1 });
  });

  it('are deleted a month after the link was deleted or has expired, and not before', async () => {
    const soon = new Date(app.clock.now() + HOUR * 1000).toISOString();
    const [deleted, expired, open] = [
      await createVisitedLink(),
      await createVisitedLink({ expiresAt: soon }),
      await createVisitedLink(),
    ];
    const gone = await app.send('DELETE', `/api/v1/links/${deleted.id}`, { token: world.host.token });
    expect(gone.status).toBe(204);
    const left = () => Promise.all([deleted, expired, open].map(({ id }) => rows(id)));
    app.clock.advanceSeconds(29 * DAY);
    await sweep();
    expect(await left()).toEqual([1, 1, 1]);
    app.clock.advanceSeconds(2 * DAY);
    await sweep();
    expect(await left()).toEqual([0, 0, 1]);
  });
});

describe('guests who only waited', () => {
  const countRoomPeople = async (roomId: string) =>
    (
      await ownerSql<{ identity: string }>(
        `select identity from room_people where room_id = $1 and identity like 'gst%'`,
        [roomId],
      )
    ).map(({ identity }) => identity);

  it('are deleted once ticket and entry have expired; guests who got in or were removed are kept', async () => {
    const roomId = await world.room();
    const [open, lobby] = [await world.link({ roomId }), await world.link({ roomId, requireApproval: true })];
    const [was, removed] = [await world.join(open.code), await world.join(open.code)];
    const waited = await world.join(lobby.code);
    expect([was.status, removed.status, waited.status]).toEqual([200, 200, 202]);
    const participant = `/api/v1/rooms/${roomId}/participants/${removed.body.participantId}`;
    expect((await app.send('DELETE', participant, { token: world.host.token })).status).toBe(204);
    const stays = [was, removed].map(({ body }) => body.identity as string);
    const everybody = [...(await countRoomPeople(roomId))].toSorted();
    expect(everybody).toHaveLength(3);
    app.clock.advanceSeconds(13 * HOUR);
    await sweep();
    expect((await countRoomPeople(roomId)).toSorted()).toEqual(everybody);
    app.clock.advanceSeconds(DAY);
    await sweep();
    expect((await countRoomPeople(roomId)).toSorted()).toEqual(stays.toSorted());
  });
});
