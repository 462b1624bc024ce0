import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { reportClusterEvents } from '../../support/report-cluster-events.ts';
import { createLinkFixture, headersFrom, type LinkFixture } from '../links/link-fixture.ts';
import { ownerSql } from '../../contract/sql.ts';

const OFFICE = headersFrom('203.0.113.7');
const ELSEWHERE = headersFrom('198.51.100.1');

let app: TestApp;
let world: LinkFixture;
let link: Awaited<ReturnType<LinkFixture['link']>>;

beforeEach(async () => {
  app = createTestApp();
  world = await createLinkFixture(app);
  link = await world.link();
});

const toRoom = (method: string, path: string, body?: unknown) =>
  app.send(method, `/api/v1/rooms/${link.roomId}${path}`, {
    token: world.host.token,
    ...(body === undefined ? {} : { body }),
  });
const enter = (token: string, headers = OFFICE) =>
  app.send('POST', `/api/v1/rooms/${link.roomId}/token`, { token, body: {}, headers });

/** A guest who is connected to the call. */
async function guest(headers = OFFICE) {
  const { body } = await world.join(link.code, {}, headers);
  expect(body.status).toBe('admitted');
  app.liveKit.cluster.join(body.callId, body.identity, { name: 'Ada' });
  await reportClusterEvents(app);
  return body as { participantId: string; guestTicket: string };
}
async function member(): Promise<Person & { participantId: string }> {
  const person = await world.colleague();
  const { body } = await enter(person.token);
  return { ...person, participantId: body.participantId as string };
}
const remove = async (participantId: string, query = '') =>
  expect(await toRoom('DELETE', `/participants/${participantId}${query}`)).toMatchObject({ status: 204 });

describe('removing a participant', () => {
  it('keeps new guests of their network out of the call', async () => {
    const { participantId } = await guest();
    await remove(participantId);
    expect((await world.join(link.code, {}, OFFICE)).body).toMatchObject({
      status: 403,
      code: 'rooms.network_excluded',
    });
    expect((await world.join(link.code, {}, ELSEWHERE)).status).toBe(200);
  });

  it('keeps a member from coming back as a guest', async () => {
    const { participantId } = await member();
    await remove(participantId);
    const back = await world.join(link.code, {}, OFFICE);
    expect(back.body).toMatchObject({ code: 'rooms.network_excluded' });
  });

  it('affects neither members nor guests who were connected before', async () => {
    const [troll, neighbour] = [await guest(), await guest()];
    await remove(troll.participantId);
    expect((await enter(neighbour.guestTicket)).body).toMatchObject({ status: 'admitted' });
    expect((await enter((await world.colleague()).token)).body).toMatchObject({ status: 'admitted' });
  });

  it('keeps their network out of the lobby, too', async () => {
    await toRoom('PATCH', '', { lobby: true });
    const waits = await world.join(link.code, {}, OFFICE);
    expect(waits.body.status).toBe('waiting');
    await toRoom('POST', '/lobby/admit-all');
    const { body } = await enter(waits.body.guestTicket);
    await remove(body.participantId);
    expect((await world.join(link.code, {}, OFFICE)).body).toMatchObject({ code: 'rooms.network_excluded' });
    expect((await world.join(link.code, {}, ELSEWHERE)).body).toMatchObject({ status: 'waiting' });
  });

  it('does not keep their network out when the moderator says so', async () => {
    const { participantId } = await guest();
    await remove(participantId, '?keepNetworkOut=false');
    expect((await world.join(link.code, {}, OFFICE)).status).toBe(200);
    // Removing the same person again with the other choice applies it.
    await remove(participantId);
    expect((await world.join(link.code, {}, OFFICE)).body).toMatchObject({ code: 'rooms.network_excluded' });
  });

  it('keeps their network out of this call only, and until they are readmitted', async () => {
    const [one, two] = [await guest(), await guest()];
    await remove(one.participantId);
    await remove(two.participantId);
    await toRoom('POST', `/participants/${one.participantId}/readmit`);
    expect((await world.join(link.code, {}, OFFICE)).body).toMatchObject({ code: 'rooms.network_excluded' });
    await toRoom('POST', `/participants/${two.participantId}/readmit`);
    expect((await world.join(link.code, {}, OFFICE)).status).toBe(200);
    await remove(one.participantId);
    await toRoom('POST', '/end', { keepOpen: true });
    expect((await world.join(link.code, {}, OFFICE)).status).toBe(200);
  });

  it('stores no address', async () => {
    await guest();
    const rows = await ownerSql('select network from call_participants where network is not null');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain('203.0.113');
  });
});
