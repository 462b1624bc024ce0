import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { reportClusterEvents } from '../../support/report-cluster-events.ts';
import { createLinkFixture, headersFrom, type LinkFixture } from '../links/link-fixture.ts';

let app: TestApp;
let world: LinkFixture;

beforeEach(async () => {
  app = createTestApp();
  world = await createLinkFixture(app);
});

const join = async (code: string, ip: string) => (await world.join(code, {}, headersFrom(ip))).body;
const codesOf = async (
  count: number,
  joinOne: (at: number) => Promise<{ status: unknown; code?: string }>,
) => {
  const answers: string[] = [];
  for (let at = 0; at < count; at++) {
    const { status, code } = await joinOne(at);
    answers.push(code ?? String(status));
  }
  return answers;
};
const admitted = (count: number) => Array.from({ length: count }, () => 'admitted');
const refused = (count: number) => Array.from({ length: count }, () => 'rooms.seats_unclaimed');

describe('seats without a connection', () => {
  it('are at most ten for the guests of one network, which keeps others out no longer', async () => {
    const { code, roomId } = await world.link({}, { capacity: 50 });
    expect(await codesOf(14, () => join(code, '203.0.113.7'))).toEqual([...admitted(10), ...refused(4)]);
    expect(await join(code, '198.51.100.1')).toMatchObject({ status: 'admitted' });
    const path = `/api/v1/rooms/${roomId}/token`;
    expect(await app.send('POST', path, { token: world.host.token, body: {} })).toMatchObject({
      status: 200,
    });
    const { token } = await world.colleague();
    const member = await app.send('POST', path, { token, body: {}, headers: headersFrom('203.0.113.7') });
    expect(member).toMatchObject({ status: 200 });
  });

  it('are at most half of all seats for the guests of one link, from however many networks', async () => {
    const { code, roomId } = await world.link({}, { capacity: 12 });
    const other = await world.link({ roomId });
    expect(await codesOf(8, (at) => join(code, `203.0.113.${at}`))).toEqual([...admitted(6), ...refused(2)]);
    expect(await join(other.code, '198.51.100.1')).toMatchObject({ status: 'admitted' });
  });

  it('are free again when their token is taken no longer', async () => {
    const { code } = await world.link({}, { capacity: 50 });
    await codesOf(10, () => join(code, '203.0.113.7'));
    app.clock.advanceSeconds(131);
    expect(await join(code, '203.0.113.7')).toMatchObject({ status: 'admitted' });
  });

  it('do not count once their people have connected', async () => {
    const { code } = await world.link({}, { capacity: 50 });
    for (let each = 0; each < 12; each++) {
      const { status, callId, identity } = await join(code, '203.0.113.7');
      expect(status).toBe('admitted');
      app.liveKit.cluster.join(callId, identity, { name: 'Ada' });
      await reportClusterEvents(app);
    }
  });

  it('are not bounded for people whom a moderator admits from the lobby', async () => {
    const { code, roomId } = await world.link({}, { capacity: 50, lobby: true });
    const tickets: string[] = [];
    for (let each = 0; each < 12; each++) tickets.push((await join(code, '203.0.113.7')).guestTicket);
    await app.send('POST', `/api/v1/rooms/${roomId}/lobby/admit-all`, { token: world.host.token });
    const path = `/api/v1/rooms/${roomId}/token`;
    const headers = headersFrom('203.0.113.7');
    const enter = async (at: number) =>
      (await app.send('POST', path, { token: tickets[at]!, body: {}, headers })).body;
    expect(await codesOf(12, enter)).toEqual(admitted(12));
    // Each of them reloads the page before connecting.
    expect(await codesOf(12, enter)).toEqual(admitted(12));
  });

  it('may be asked for again by their owner, who keeps one seat', async () => {
    const { code, roomId } = await world.link({}, { capacity: 50 });
    const [first] = [await join(code, '203.0.113.7')];
    await codesOf(9, () => join(code, '203.0.113.7'));
    const again = await app.send('POST', `/api/v1/rooms/${roomId}/token`, {
      token: first.guestTicket,
      body: {},
      headers: headersFrom('203.0.113.7'),
    });
    expect(again.body).toMatchObject({ status: 'admitted', participantId: first.participantId });
  });
});
