import { beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import type { SimulatedCluster } from '../../support/livekit/cluster.ts';
import { deliverAll, openCall } from '../../calls/calls/support.ts';
import { createApiKey } from '../../insights/quality/support.ts';

let app: TestApp;
let owner: Person;
let cluster: SimulatedCluster;

beforeEach(async () => {
  app = createTestApp();
  owner = await app.person();
  cluster = app.liveKit.cluster;
});

const read = async (token = owner.token) =>
  (await app.send('GET', '/api/v1/analytics/realtime', { token })).body;
const IDLE = {
  liveRooms: 0,
  participants: 0,
  agents: 0,
  lastMinute: { joins: 0, leaves: 0, callsStarted: 0, callsEnded: 0 },
};

describe('realtime analytics', () => {
  it('are zero before anything happens, and take one round trip', async () => {
    const before = app.roundTrips();
    expect(await read()).toEqual({
      ...IDLE,
      ai: { running: 0, lastMinute: { requests: 0, failed: 0 } },
      regions: [],
      measuredAt: new Date(app.clock.now()).toISOString(),
    });
    expect(app.roundTrips() - before).toBe(1);
  });

  it('count connected rooms, participants and agents, and joins and leaves of the last minute', async () => {
    const { callId, roomId, identity } = await openCall(app, owner);
    const key = await createApiKey(app, owner, ['rooms:write']);
    const agent = await app.send('POST', `/api/v1/rooms/${roomId}/token`, {
      token: key,
      body: { identity: 'notes', role: 'agent' },
    });
    // A token alone is no connection.
    expect(await read()).toMatchObject(IDLE);
    cluster.join(callId, identity);
    cluster.join(callId, agent.body.identity);
    await deliverAll(app);
    expect(await read()).toMatchObject({
      liveRooms: 1,
      participants: 1,
      agents: 1,
      lastMinute: { joins: 2, leaves: 0, callsStarted: 1, callsEnded: 0 },
    });
    app.clock.advanceSeconds(61);
    expect(await read()).toMatchObject({ ...IDLE, liveRooms: 1, participants: 1, agents: 1 });
    cluster.leave(callId, agent.body.identity);
    cluster.leave(callId, identity);
    cluster.end(callId);
    await deliverAll(app);
    expect(await read()).toMatchObject({
      ...IDLE,
      lastMinute: { joins: 0, leaves: 2, callsStarted: 0, callsEnded: 1 },
    });
    app.clock.advanceSeconds(61);
    expect(await read()).toMatchObject({ ...IDLE, regions: [] });
  });

  it('count requests to models of the organization that run, and those of the last minute', async () => {
    const insert = ({ organizationId }: Person, status: string, secondsAgo: number) =>
      ownerSql(
        `insert into ai_generations (id, organization_id, status, provider, model, own_key, usage_state, input_tokens, output_tokens,
           cache_read_tokens, cache_write_tokens, cache_write_hour_tokens, attempts, created_at)
         values ($1, $2, $3, 'anthropic', 'model', false, 'exact', 0, 0, 0, 0, 0, '[]', $4)`,
        [
          app.services.ids.create('generation'),
          organizationId,
          status,
          new Date(app.clock.now() - secondsAgo * 1_000).toISOString(),
        ],
      );
    await insert(owner, 'completed', 10);
    await insert(owner, 'failed', 59);
    await insert(owner, 'failed', 61);
    await insert(owner, 'running', 100);
    await insert(await app.person(), 'running', 1);
    expect(await read()).toMatchObject({ ai: { running: 1, lastMinute: { requests: 2, failed: 1 } } });
  });

  it('are given by region, and the regions add up to the total', async () => {
    for (const continent of ['EU', 'EU', 'AS', undefined]) {
      const room = await app.send('POST', '/api/v1/rooms', { token: owner.token, body: { name: 'Room' } });
      const { body } = await app.send('POST', `/api/v1/rooms/${room.body.id}/token`, {
        token: owner.token,
        body: {},
        ...(continent ? { continent } : {}),
      });
      cluster.join(body.callId, body.identity);
    }
    await deliverAll(app);
    const body = await read();
    const here = (region: string, liveRooms: number) => ({ region, liveRooms, participants: liveRooms });
    expect(body).toMatchObject({ liveRooms: 4, participants: 4, lastMinute: { joins: 4, callsStarted: 4 } });
    expect(body.regions).toMatchObject([here('AS', 1), here('EU', 2), here('unknown', 1)]);
  });

  it('cover the caller’s organization alone, and require `analytics:read`', async () => {
    const { callId, identity } = await openCall(app, owner);
    cluster.join(callId, identity);
    await deliverAll(app);
    expect(await read((await app.person()).token)).toMatchObject(IDLE);
    const member = await app.person({ role: 'member', organizationId: owner.organizationId });
    expect((await app.send('GET', '/api/v1/analytics/realtime', { token: member.token })).status).toBe(403);
  });
});
