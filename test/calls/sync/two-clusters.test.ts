import { beforeEach, expect, it } from 'vitest';
import { createClusters } from '../../../src/calls/clusters/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { LiveKitStandIn } from '../../support/livekit/stand-in.ts';
import { deliverEvent, openCall, fetchCall } from '../calls/support.ts';

let app: TestApp;
let near: LiveKitStandIn;
let far: LiveKitStandIn;

/** Calls are held on `near`. */
beforeEach(() => {
  const series = Math.floor(Math.random() * 2 ** 32);
  near = new LiveKitStandIn({ series });
  far = new LiveKitStandIn({ apiKey: 'far', apiSecret: 'far away '.repeat(5), series: series + 1 });
  const clusters = createClusters(
    [near, far].map(({ apiKey, apiSecret }) => ({
      name: `${apiKey}-${series}`,
      url: 'wss://media.auralink.test',
      apiUrl: 'http://media.auralink.test',
      apiKey,
      apiSecret,
      continents: [],
    })),
    { now: Date.now },
    (url, init) => near.fetch(url, init),
  );
  app = createTestApp({ clusters });
});

it('an event of another cluster than the call’s changes nothing, and each type is logged once', async () => {
  const host = await app.person();
  const { callId } = await openCall(app, host);
  for (const identity of [host.userId, 'bob']) far.cluster.join(callId, identity);
  const events = far.cluster.events.splice(0);
  for (const event of events) expect((await deliverEvent(app, event, far)).status).toBe(204);
  await app.drain();
  expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'waiting' });
  const warnings = app.log.filter(({ event }) => event === 'calls.event_of_other_cluster');
  const loggedLines = warnings.map(
    ({ level, fields }) => `${level} ${String(fields.callId)} ${String(fields.type)}`,
  );
  expect(loggedLines.toSorted()).toEqual(
    [...new Set(events.map(({ event }) => `warn ${callId} ${event}`))].toSorted(),
  );
});

it('events of two clusters are distinct, even with the same id', async () => {
  const host = await app.person();
  const { callId } = await openCall(app, host);
  near.cluster.join(callId, host.userId, { name: 'Ada' });
  const events = near.cluster.events.splice(0);
  // The other cluster uses the same ids, and is first.
  for (const { id } of events) {
    far.cluster.join(app.services.ids.create('call'), 'bob');
    const own = far.cluster.events.splice(0)[0]!;
    expect((await deliverEvent(app, { ...own, id }, far)).status).toBe(204);
  }
  await app.drain();
  for (const event of events) expect((await deliverEvent(app, event, near)).status).toBe(204);
  await app.drain();
  expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'active' });
});
