import { beforeEach, describe, expect, it } from 'vitest';
import { reconcileCalls } from '../../../src/calls/sync/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import type { SimulatedCluster } from '../../support/livekit/cluster.ts';
import {
  deliverAll,
  joinRoom,
  openCall,
  fetchCall,
  reduceEventsOf,
  sendEvents,
  renewToken,
} from './support.ts';

/** What one identity may add to the ledger of a call. */
const LIMITS = { connections: 500, tracks: 2_000 };

let app: TestApp;
let host: Person;
let abuser: Person;
let cluster: SimulatedCluster;
let call: { roomId: string; callId: string };

beforeEach(async () => {
  app = createTestApp();
  host = await app.person();
  abuser = await app.person({ role: 'member', organizationId: host.organizationId });
  cluster = app.liveKit.cluster;
  call = await openCall(app, host);
  await joinRoom(app, abuser, call.roomId);
  cluster.join(call.callId, host.userId, { name: 'Host' });
});

const reconnect = (times: number) => {
  for (let at = 0; at < times; at++) {
    app.clock.advanceSeconds(1);
    cluster.join(call.callId, abuser.userId, { name: 'Pest' });
  }
};
const isConnected = () => cluster.rooms.get(call.callId)!.participants.has(abuser.userId);
const removals = async () => {
  const { token } = await renewToken(app, host);
  const { body } = await app.send('GET', '/api/v1/audit/logs?limit=100', { token });
  return body.data.filter(({ action }: { action: string }) => action === 'participant.removed');
};
/** Runs the work. @returns the most rows that one database read returned */
async function countMostRowsRead(work: () => Promise<unknown>): Promise<number> {
  const { database } = app.services;
  const { read: originalRead } = database;
  let most = 0;
  database.read = async (scope, build) => {
    const results = await originalRead(scope, build);
    most = Math.max(most, (results as unknown[]).flatMap((rows) => (Array.isArray(rows) ? rows : [])).length);
    return results;
  };
  await work();
  database.read = originalRead;
  return most;
}

describe('the cost of one participant', () => {
  it('is limited by connections: a participant who reconnects too often is removed from the room', async () => {
    reconnect(LIMITS.connections);
    await sendEvents(app, cluster.events.splice(0));
    await reduceEventsOf(app, [call.callId]);
    expect([isConnected(), await removals()]).toEqual([true, []]);
    // The events of the single connections do not matter here.
    await ownerSql("delete from outbox where key = $1 and type like 'participant.%'", [call.callId]);
    reconnect(1);
    await deliverAll(app);
    expect(isConnected()).toBe(false);
    expect(await removals()).toMatchObject([
      { actorKind: 'system', targetId: call.roomId, after: { connections: LIMITS.connections + 1 } },
    ]);
    const seat = await app.send('POST', `/api/v1/rooms/${call.roomId}/token`, {
      token: (await renewToken(app, abuser)).token,
      body: {},
    });
    expect(seat).toMatchObject({ status: 403, body: { code: 'rooms.removed' } });
    // With a token that is still valid they are disconnected again, and the removal is recorded once.
    reconnect(1);
    await deliverAll(app);
    await deliverAll(app);
    expect([isConnected(), (await removals()).length]).toEqual([false, 1]);
    // The ledger has all connections, and the cost of other participants no longer grows.
    const people = await fetchCall(app, await renewToken(app, host), `/${call.callId}/participants`);
    const own = people.data.find(({ identity }: { identity: string }) => identity === abuser.userId);
    expect(own.connections).toHaveLength(LIMITS.connections + 2);
    const lasted = (own.connections as { joinedAt: string; leftAt: string }[]).map(
      ({ joinedAt, leftAt }) => Date.parse(leftAt) - Date.parse(joinedAt),
    );
    const connectedSeconds = lasted.reduce((sum, ms) => sum + ms, 0) / 1000;
    expect(own).toMatchObject({ status: 'left', connectedSeconds });
    const costs: number[] = [];
    for (let at = 0; at < 3; at++)
      costs.push(
        await countMostRowsRead(async () => {
          cluster.join(call.callId, host.userId);
          await deliverAll(app);
        }),
      );
    expect(costs[2]! - costs[0]!).toBeLessThanOrEqual(2);
    expect(Math.max(...costs)).toBeLessThan(LIMITS.connections + 20);
  });

  const publishTracks = async (identity: string, times: number) => {
    for (let at = 0; at < times; at++) cluster.publish(call.callId, identity, { source: 'CAMERA' });
    // Only the cluster's lists report them.
    cluster.events.splice(0);
    expect((await reconcileCalls(app.services)).changed).toBe(1);
    await app.drain();
  };

  it('is limited by tracks', async () => {
    reconnect(1);
    await publishTracks(abuser.userId, LIMITS.tracks);
    expect(await removals()).toEqual([]);
    await publishTracks(abuser.userId, 1);
    expect(await removals()).toMatchObject([{ actorKind: 'system', after: { tracks: LIMITS.tracks + 1 } }]);
  });

  it('limits also identities that are not in the live room', async () => {
    cluster.join(call.callId, 'sip_5551234');
    await publishTracks('sip_5551234', LIMITS.tracks + 1);
    expect(await removals()).toMatchObject([{ after: { identity: 'sip_5551234' } }]);
    expect(cluster.rooms.get(call.callId)!.participants.has('sip_5551234')).toBe(false);
    expect(app.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is not limited again by a repeated delivery once a moderator has readmitted the participant', async () => {
    reconnect(1);
    await publishTracks(abuser.userId, LIMITS.tracks + 1);
    const [{ after }] = (await removals()) as [{ after: { participantId: string } }];
    const readmission = await app.send(
      'POST',
      `/api/v1/rooms/${call.roomId}/participants/${after.participantId}/readmit`,
      { token: (await renewToken(app, host)).token },
    );
    expect(readmission.status).toBe(204);
    await app.drain();
    const repeated = await ownerSql(
      `update deliveries set status = 'pending'
        where subscriber = 'moderation.exclude-participant' and organization_id = $1 returning id`,
      [host.organizationId],
    );
    expect(repeated).toHaveLength(1);
    expect(await app.drain()).toBeGreaterThan(0);
    expect(await removals()).toHaveLength(1);
    const { token } = await renewToken(app, abuser);
    const seat = await app.send('POST', `/api/v1/rooms/${call.roomId}/token`, { token, body: {} });
    expect(seat).toMatchObject({ status: 200, body: { status: 'admitted' } });
  });
});
