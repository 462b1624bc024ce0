import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { type Cluster, createClusters } from '../../../src/calls/clusters/index.ts';
import { TestClock } from '../../support/app.ts';
import { LiveKitStandIn } from '../../support/livekit/stand-in.ts';
import { type ApiKeys, signWebhook } from '../../support/livekit/webhooks.ts';

const [own, other, unknownCluster] = ['own', 'other', 'unknown'].map(
  (apiKey) => new LiveKitStandIn({ apiKey, apiSecret: `the secret of ${apiKey}`.padEnd(40, '.') }),
) as [LiveKitStandIn, LiveKitStandIn, LiveKitStandIn];
const clusterOf = ({ apiKey, apiSecret }: LiveKitStandIn): Cluster => ({
  name: `cluster ${apiKey}`,
  url: 'wss://livekit.example',
  apiUrl: 'https://livekit.example',
  apiKey,
  apiSecret,
  continents: [],
});
const clusters = createClusters([clusterOf(own), clusterOf(other)], new TestClock());
own.cluster.join('call_01jd3v7q8gf4kr2x6a0w9mznpe', 'usr_01jd3v7q8gf4kr2x6a0w9mznpe');
const event = own.cluster.events.at(-1)!;

const signEvent = async (keys: ApiKeys = own, nowMs?: number) => {
  const { body, headers } = await signWebhook(event, keys, nowMs);
  return { body, authorization: headers.authorization! };
};
const expectRefused = (body: string, authorization: string) =>
  expect(clusters.verifyWebhook(body, authorization)).rejects.toMatchObject({
    code: 'clusters.bad_signature',
  });

describe('a webhook', () => {
  it('is accepted when a configured cluster signed it, and the cluster is known', async () => {
    for (const [keys, cluster] of [
      [own, 'cluster own'],
      [other, 'cluster other'],
    ] as const) {
      const { body, authorization } = await signEvent(keys);
      const received = await clusters.verifyWebhook(body, authorization);
      expect(received).toMatchObject({ cluster, event: { id: event.id, event: 'participant_joined' } });
      expect(await clusters.verifyWebhook(body, `Bearer ${authorization}`)).toMatchObject({ cluster });
    }
  });

  it('is refused when a single byte of its body differs', async () => {
    const { body, authorization } = await signEvent();
    await expectRefused(`${body} `, authorization);
    await expectRefused(body.replace('usr_', 'usr-'), authorization);
    await expectRefused('', authorization);
  });

  it('is refused with the key or the secret of another cluster', async () => {
    const foreign = await signEvent(unknownCluster);
    await expectRefused(foreign.body, foreign.authorization);
    const claimed = await signEvent({ apiKey: own.apiKey, apiSecret: unknownCluster.apiSecret });
    await expectRefused(claimed.body, claimed.authorization);
    const mixed = await signEvent({ apiKey: own.apiKey, apiSecret: other.apiSecret });
    await expectRefused(mixed.body, mixed.authorization);
  });

  it('is refused without a signature', async () => {
    const { body, authorization } = await signEvent();
    const unsigned = new UnsecuredJWT(decodeJwt(authorization)).encode();
    for (const none of ['', 'Bearer ', 'nonsense', 'a.b.c', unsigned, authorization.slice(0, -4)])
      await expectRefused(body, none);
  });

  it('is refused with a token without the hash of a body, such as a join token', async () => {
    const { body } = await signEvent();
    const bare = await new SignJWT({ video: { roomJoin: true } })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(own.apiKey)
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(own.apiSecret));
    await expectRefused(body, bare);
  });

  it('may be up to a minute late or early', async () => {
    const now = Date.now();
    const LIFE_MS = 300_000;
    for (const late of [LIFE_MS + 30_000, -30_000]) {
      const { body, authorization } = await signEvent(own, now - late);
      expect(await clusters.verifyWebhook(body, authorization)).toMatchObject({ cluster: 'cluster own' });
    }
    for (const late of [LIFE_MS + 120_000, -120_000]) {
      const { body, authorization } = await signEvent(own, now - late);
      await expectRefused(body, authorization);
    }
  });

  it('that is not JSON is refused, also when it is signed', async () => {
    const hash = Buffer.from(
      await crypto.subtle.digest('SHA-256', new TextEncoder().encode('not json')),
    ).toString('base64');
    const token = await new SignJWT({ sha256: hash })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(own.apiKey)
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(own.apiSecret));
    await expectRefused('not json', token);
  });
});
