import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import type { Cluster } from '../../support/livekit/cluster.ts';
import { deliverAll, openCall, read, sweep } from './support.ts';

let app: TestApp;
let host: Person;
let cluster: Cluster;

beforeEach(async () => {
  app = createTestApp();
  host = await app.person();
  cluster = app.liveKit.cluster;
});

describe('a call', () => {
  it('is told whole: who, when, what they published, how it is known', async () => {
    const { callId, roomId, identity, participantId } = await openCall(app, host);
    cluster.join(callId, identity, { name: 'Ada' });
    app.clock.advanceSeconds(2);
    cluster.publish(callId, identity, { source: 'MICROPHONE' });
    app.clock.advanceSeconds(58);
    cluster.leave(callId, identity);
    app.clock.advanceSeconds(20);
    cluster.end(callId);
    await deliverAll(app);
    const call = await read(app, host, `/${callId}`);
    expect(call).toMatchObject({ roomId, status: 'ended', endReason: 'empty', peakParticipants: 1 });
    const people = await read(app, host, `/${callId}/participants`);
    expect(people.data).toMatchObject([{ id: participantId, identity, name: 'Ada', status: 'left' }]);
    const { data } = await read(app, host, `/${callId}/timeline`);
    expect(data.map((entry: { type: string }) => entry.type)).toEqual([
      'call.started',
      'participant.joined',
      'track.published',
      'track.unpublished',
      'participant.left',
      'call.ended',
    ]);
    expect(await sweep(app)).toMatchObject({ changed: 0, silent: [] });
  });
});
