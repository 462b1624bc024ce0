import { beforeEach, describe, expect, it } from 'vitest';
import { reconcileCalls } from '../../../src/meetings/reconciliation/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import type { Cluster } from '../../support/livekit/cluster.ts';
import { deliverAll, join, openCall, read, reduceAll, send, signedIn } from './support.ts';

/** What the ledger takes of one identity in a call. */
const MOST = { connections: 500, tracks: 2_000 };

let app: TestApp;
let host: Person;
let pest: Person;
let cluster: Cluster;
let call: { roomId: string; callId: string };

beforeEach(async () => {
  app = createTestApp();
  host = await app.person();
  pest = await app.person({ role: 'member', organizationId: host.organizationId });
  cluster = app.liveKit.cluster;
  call = await openCall(app, host);
  await join(app, pest, call.roomId);
  cluster.join(call.callId, host.userId, { name: 'Host' });
});

const reconnect = (times: number) => {
  for (let at = 0; at < times; at++) {
    app.clock.advanceSeconds(1);
    cluster.join(call.callId, pest.userId, { name: 'Pest' });
  }
};
const isThere = () => cluster.rooms.get(call.callId)!.participants.has(pest.userId);
const removals = async () => {
  const { token } = await signedIn(app, host);
  const { body } = await app.send('GET', '/api/v1/audit/logs?limit=100', { token });
  return body.data.filter(({ action }: { action: string }) => action === 'participant.removed');
};
/** The most rows that one read of the database brought meanwhile. */
async function mostRowsRead(work: () => Promise<unknown>): Promise<number> {
  const { database } = app.services;
  const { read: readAsEver } = database;
  let most = 0;
  database.read = async (scope, build) => {
    const results = await readAsEver(scope, build);
    most = Math.max(most, (results as unknown[]).flatMap((rows) => (Array.isArray(rows) ? rows : [])).length);
    return results;
  };
  await work();
  database.read = readAsEver;
  return most;
}

describe('what one participant can make a call cost', () => {
  it('ends with the connections that the ledger takes: who comes again and again is sent out', async () => {
    reconnect(MOST.connections);
    await send(app, cluster.events.splice(0));
    await reduceAll(app, [call.callId]);
    expect([isThere(), await removals()]).toEqual([true, []]);
    // What follows from each of them is none of this.
    await ownerSql("delete from outbox where key = $1 and type like 'participant.%'", [call.callId]);
    reconnect(1);
    await deliverAll(app);
    expect(isThere()).toBe(false);
    expect(await removals()).toMatchObject([
      { actorKind: 'system', targetId: call.roomId, after: { connections: MOST.connections + 1 } },
    ]);
    const seat = await app.send('POST', `/api/v1/rooms/${call.roomId}/token`, {
      token: (await signedIn(app, pest)).token,
      body: {},
    });
    expect(seat).toMatchObject({ status: 403, body: { code: 'rooms.removed' } });
    // By a token that is still good they are sent away again, and told of once.
    reconnect(1);
    await deliverAll(app);
    await deliverAll(app);
    expect([isThere(), (await removals()).length]).toEqual([false, 1]);
    // Nothing of what was told is missing, and what others do costs the same from now on.
    const people = await read(app, await signedIn(app, host), `/${call.callId}/participants`);
    const own = people.data.find(({ identity }: { identity: string }) => identity === pest.userId);
    expect(own.connections).toHaveLength(MOST.connections + 2);
    const lasted = (own.connections as { joinedAt: string; leftAt: string }[]).map(
      ({ joinedAt, leftAt }) => Date.parse(leftAt) - Date.parse(joinedAt),
    );
    const connectedSeconds = lasted.reduce((sum, ms) => sum + ms, 0) / 1000;
    expect(own).toMatchObject({ status: 'left', connectedSeconds });
    const costs: number[] = [];
    for (let at = 0; at < 3; at++)
      costs.push(
        await mostRowsRead(async () => {
          cluster.join(call.callId, host.userId);
          await deliverAll(app);
        }),
      );
    expect(costs[2]! - costs[0]!).toBeLessThanOrEqual(2);
    expect(Math.max(...costs)).toBeLessThan(MOST.connections + 20);
  });

  it('ends with the tracks that the ledger takes', async () => {
    reconnect(1);
    const publish = async (times: number) => {
      for (let at = 0; at < times; at++) cluster.publish(call.callId, pest.userId, { source: 'CAMERA' });
      // By the cluster's lists alone.
      cluster.events.splice(0);
      expect((await reconcileCalls(app.services)).changed).toBe(1);
    };
    await publish(MOST.tracks);
    expect(await removals()).toEqual([]);
    await publish(1);
    expect(await removals()).toMatchObject([{ actorKind: 'system', after: { tracks: MOST.tracks + 1 } }]);
  });
});
