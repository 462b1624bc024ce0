import { expect, it } from 'vitest';
import { createClusters } from '../../../src/meetings/clusters/index.ts';
import { createTestApp } from '../../support/app.ts';
import { LiveKitStandIn } from '../../support/livekit/stand-in.ts';
import { deliver, openCall, read } from '../calls/support.ts';

it('an event of one cluster is not taken for that of another, although both have the same id', async () => {
  const series = Math.floor(Math.random() * 2 ** 32);
  const near = new LiveKitStandIn({ series });
  const far = new LiveKitStandIn({ apiKey: 'far', apiSecret: 'far away '.repeat(5), series: series + 1 });
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
  const app = createTestApp({ clusters });
  const host = await app.person();
  const { callId } = await openCall(app, host);
  near.cluster.join(callId, host.userId, { name: 'Ada' });
  const events = near.cluster.events.splice(0);
  // The other cluster got hold of the ids, and comes first.
  for (const { id } of events) {
    far.cluster.join(app.services.ids.create('call'), 'bob');
    const own = far.cluster.events.splice(0)[0]!;
    expect((await deliver(app, { ...own, id }, far)).status).toBe(204);
  }
  await app.drain();
  for (const event of events) expect((await deliver(app, event, near)).status).toBe(204);
  await app.drain();
  expect(await read(app, host, `/${callId}`)).toMatchObject({ status: 'active' });
});
