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

/** What the ledger takes of one identity in a call. */
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
/** The most rows that one read of the database brought meanwhile. */
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

describe('what one participant can make a call cost', () => {
  it('ends with the connections that the ledger takes: who comes again and again is sent out', async () => {
    reconnect(LIMITS.connections);
    await sendEvents(app, cluster.events.splice(0));
    await reduceEventsOf(app, [call.callId]);
    expect([isConnected(), await removals()]).toEqual([true, []]);
    // What follows from each of them is none of this.
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
    // By a token that is still good they are sent away again, and told of once.
    reconnect(1);
    await deliverAll(app);
    await deliverAll(app);
    expect([isConnected(), (await removals()).length]).toEqual([false, 1]);
    // Nothing of what was told is missing, and what others do costs the same from now on.
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

  it('ends with the tracks that the ledger takes', async () => {
    reconnect(1);
    const publish = async (times: number) => {
      for (let at = 0; at < times; at++) cluster.publish(call.callId, abuser.userId, { source: 'CAMERA' });
      // By the cluster's lists alone.
      cluster.events.splice(0);
      expect((await reconcileCalls(app.services)).changed).toBe(1);
    };
    await publish(LIMITS.tracks);
    expect(await removals()).toEqual([]);
    await publish(1);
    expect(await removals()).toMatchObject([{ actorKind: 'system', after: { tracks: LIMITS.tracks + 1 } }]);
  });
});
