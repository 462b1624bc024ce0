import { beforeAll, describe, expect, it } from 'vitest';
import { qualityTotals } from '../../../src/insights/quality/quality.tables.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import type { SimulatedCluster } from '../../support/livekit/cluster.ts';
import {
  deliverAll,
  joinRoom,
  openCall,
  fetchCall,
  fetchAllPages,
  renewToken,
} from '../../calls/calls/support.ts';

let app: TestApp;
let host: Person;
let guest: Person;
let cluster: SimulatedCluster;
/** An ended call in a group room, an active one and a waiting one in conference rooms. */
let [over, live, waiting]: string[] = [];
let roomId: string;

const ids = async (query: string) =>
  (await fetchCall(app, host, `?${query}`)).data.map((call: { id: string }) => call.id);
const wait = (seconds: number) => app.clock.advanceSeconds(seconds);

beforeAll(async () => {
  app = createTestApp();
  ({ cluster } = app.liveKit);
  wait(1 - (app.clock.now() % 1000) / 1000);
  host = await app.person();
  guest = await app.person({ role: 'guest', organizationId: host.organizationId });
  const first = await openCall(app, host, { type: 'group' });
  [over, roomId] = [first.callId, first.roomId];
  wait(1);
  await joinRoom(app, guest, roomId);
  cluster.join(over, host.userId, { name: 'Ada' });
  cluster.publish(over, host.userId, { source: 'MICROPHONE' });
  cluster.publish(over, host.userId, { source: 'CAMERA' });
  wait(10);
  cluster.join(over, guest.userId, { name: 'Ben' });
  wait(20);
  cluster.leave(over, guest.userId, 'CONNECTION_TIMEOUT');
  wait(5);
  cluster.join(over, guest.userId, { name: 'Ben' });
  wait(25);
  cluster.end(over);
  live = (await openCall(app, host, { type: 'conference' })).callId;
  cluster.join(live, host.userId, { name: 'Ada' });
  wait(30);
  waiting = (await openCall(app, host, { type: 'conference' })).callId;
  await deliverAll(app);
  host = await renewToken(app, host);
});

describe('the list of calls', () => {
  it('has all calls of the organization, the newest first, for every member', async () => {
    expect(await ids('')).toEqual([waiting, live, over]);
    const { data } = await fetchCall(app, await renewToken(app, guest), '');
    expect(data).toHaveLength(3);
  });

  it('can be filtered by status, room, type of room and time', async () => {
    const [newer] = (await fetchCall(app, host, '')).data;
    expect(await ids('status=ended')).toEqual([over]);
    expect(await ids('status=active&type=conference')).toEqual([live]);
    expect(await ids('type=group')).toEqual([over]);
    expect(await ids(`roomId=${roomId}`)).toEqual([over]);
    expect(await ids(`from=${newer.createdAt}`)).toEqual([waiting]);
    expect(await ids(`to=${newer.createdAt}`)).toEqual([live, over]);
    expect(await ids('status=failed')).toEqual([]);
  });

  it('continues where a page ended, also when new calls begin', async () => {
    const first = await fetchCall(app, host, '?limit=2');
    expect(first.data.map((call: { id: string }) => call.id)).toEqual([waiting, live]);
    const rest = await fetchCall(app, host, `?limit=2&cursor=${first.nextCursor}`);
    expect(rest.data.map((call: { id: string }) => call.id)).toEqual([over]);
    expect(rest.nextCursor).toBeNull();
  });

  it('is empty for another organization, for which the calls do not exist', async () => {
    const outsider = await app.person();
    expect((await fetchCall(app, outsider, '')).data).toEqual([]);
    for (const path of ['', '/participants', '/timeline']) {
      const answer = await app.send('GET', `/api/v1/calls/${over}${path}`, { token: outsider.token });
      expect([answer.status, answer.body.code]).toEqual([404, 'calls.not_found']);
    }
  });
});

describe('a call', () => {
  it('has totals that are exactly the sums of its connections', async () => {
    expect(await fetchCall(app, host, `/${over}`)).toMatchObject({
      status: 'ended',
      endReason: 'closed',
      durationSeconds: 60,
      participantSeconds: 60 + 20 + 25,
      peakParticipants: 2,
      started: { how: 'event', uncertaintySeconds: 0 },
    });
  });

  it('that is active has lasted until now', async () => {
    expect(await fetchCall(app, host, `/${live}`)).toMatchObject({
      status: 'active',
      endedAt: null,
      ended: null,
      durationSeconds: 30,
      participantSeconds: 30,
    });
    expect(await fetchCall(app, host, `/${waiting}`)).toMatchObject({
      durationSeconds: 0,
      participantSeconds: 0,
    });
  });

  it('has the bytes that its clients report, or null when none has reported', async () => {
    expect(await fetchCall(app, host, `/${over}`)).toMatchObject({ sentBytes: null, receivedBytes: null });
    const people = await fetchAllPages(app, host, `/${over}/participants`);
    const updatedAt = new Date(app.clock.now());
    const totals = people.map(({ id: participantId }, i) => ({
      participantId,
      organizationId: host.organizationId,
      callId: over!,
      batches: 1,
      bytesSent: 1_000 + i,
      bytesReceived: 2_000_000_000 + i,
      marks: [],
      updatedAt,
    }));
    await app.services.database.commit(systemScope, (q) => [q.insert(qualityTotals).values(totals)]);
    expect(await fetchCall(app, host, `/${over}`)).toMatchObject({
      sentBytes: 2_001,
      receivedBytes: 4_000_000_001,
    });
  });

  it('lists its participants, each with all connections', async () => {
    const people = await fetchAllPages(app, host, `/${over}/participants`);
    expect(people).toMatchObject([
      { identity: host.userId, role: 'host', name: 'Ada', connectedSeconds: 60, connections: [{}] },
      {
        identity: guest.userId,
        status: 'left',
        connectedSeconds: 45,
        connections: [{ leaveReason: 'connection_lost' }, { leaveReason: 'call_ended' }],
      },
    ]);
  });

  it('lists its participants in pages, without losing or repeating a connection', async () => {
    const first = await fetchCall(app, host, `/${over}/participants?limit=1`);
    const second = await fetchCall(app, host, `/${over}/participants?limit=1&cursor=${first.nextCursor}`);
    expect([first.data[0].connections.length, second.data[0].connections.length]).toEqual([1, 2]);
    expect(second.nextCursor).toBeNull();
  });

  it('has a timeline in order, the same page by page', async () => {
    const all = await fetchAllPages(app, host, `/${over}/timeline`);
    expect(all.map(({ type }) => type)).toEqual([
      'call.started',
      'participant.joined',
      'track.published',
      'track.published',
      'participant.joined',
      'participant.left',
      'participant.joined',
      'track.unpublished',
      'track.unpublished',
      'participant.left',
      'participant.left',
      'call.ended',
    ]);
    expect(all[2]).toMatchObject({
      identity: host.userId,
      name: 'Ada',
      kind: expect.any(String),
      reason: null,
    });
    const pages = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { data: unknown[]; nextCursor: string | null } = await fetchCall(
        app,
        host,
        `/${over}/timeline?limit=1${cursor && `&cursor=${cursor}`}`,
      );
      pages.push(...page.data);
      cursor = page.nextCursor;
    }
    expect(pages).toEqual(all);
  });

  it('refuses a cursor of another list', async () => {
    const { nextCursor } = await fetchCall(app, host, '?limit=1');
    const answer = await app.send('GET', `/api/v1/calls/${over}/timeline?cursor=${nextCursor}`, {
      token: host.token,
    });
    expect([answer.status, answer.body.code]).toEqual([400, 'request.invalid_cursor']);
  });

  it.each(['0000-01-01T00:00:00.000Z', '2026-02-30T00:00:00.000Z', '2026-01-01T24:00:00.000Z'])(
    'refuses a cursor of its timeline at %s, which is no moment',
    async (at) => {
      const cursor = btoa(JSON.stringify({ after: `${at}~1~TR_1` })).replaceAll('=', '');
      const answer = await app.send('GET', `/api/v1/calls/${over}/timeline?cursor=${cursor}`, {
        token: host.token,
      });
      expect([answer.status, answer.body.code]).toEqual([400, 'request.invalid_cursor']);
    },
  );
});
