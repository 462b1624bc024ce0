import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import type { SimulatedCluster } from '../../support/livekit/cluster.ts';
import { deliverAll, openCall, fetchCall, runReconciliation } from './support.ts';

let app: TestApp;
let host: Person;
let cluster: SimulatedCluster;

beforeEach(async () => {
  app = createTestApp();
  host = await app.person();
  cluster = app.liveKit.cluster;
});

describe('a call', () => {
  it('has its participants, times, tracks and how each moment is known', async () => {
    const { callId, roomId, identity, participantId } = await openCall(app, host);
    cluster.join(callId, identity, { name: 'Ada' });
    app.clock.advanceSeconds(2);
    cluster.publish(callId, identity, { source: 'MICROPHONE' });
    app.clock.advanceSeconds(58);
    cluster.leave(callId, identity);
    app.clock.advanceSeconds(20);
    cluster.end(callId);
    await deliverAll(app);
    const call = await fetchCall(app, host, `/${callId}`);
    expect(call).toMatchObject({ roomId, status: 'ended', endReason: 'empty', peakParticipants: 1 });
    const people = await fetchCall(app, host, `/${callId}/participants`);
    expect(people.data).toMatchObject([{ id: participantId, identity, name: 'Ada', status: 'left' }]);
    const { data } = await fetchCall(app, host, `/${callId}/timeline`);
    expect(data.map((entry: { type: string }) => entry.type)).toEqual([
      'call.started',
      'participant.joined',
      'track.published',
      'track.unpublished',
      'participant.left',
      'call.ended',
    ]);
    expect(await runReconciliation(app)).toMatchObject({ changed: 0, unreachable: [] });
  });

  it('that was ended by a host is over, and its connections stay open until the cluster reports their end', async () => {
    const { callId, roomId, identity } = await openCall(app, host);
    cluster.join(callId, identity, { name: 'Ada' });
    await deliverAll(app);
    app.clock.advanceSeconds(10);
    const ended = await app.send('POST', `/api/v1/rooms/${roomId}/end`, { token: host.token, body: {} });
    expect(ended.status).toBeLessThan(300);
    cluster.events.splice(0);
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'ended' });
    const before = await fetchCall(app, host, `/${callId}/participants`);
    expect(before.data[0].connections).toMatchObject([{ leftAt: null }]);
    app.clock.advanceSeconds(10);
    await runReconciliation(app);
    const after = await fetchCall(app, host, `/${callId}/participants`);
    expect(after.data[0].connections[0].left).toMatchObject({ how: 'inferred' });
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'ended' });
  });
});
