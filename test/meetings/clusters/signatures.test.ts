import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { type Cluster, createClusters } from '../../../src/meetings/clusters/index.ts';
import { TestClock } from '../../support/app.ts';
import { LiveKitStandIn } from '../../support/livekit/stand-in.ts';
import { type Keys, signWebhook } from '../../support/livekit/webhooks.ts';

const [own, other, stranger] = ['own', 'other', 'stranger'].map(
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

const signed = async (keys: Keys = own, nowMs?: number) => {
  const { body, headers } = await signWebhook(event, keys, nowMs);
  return { body, authorization: headers.authorization! };
};
const refused = (body: string, authorization: string) =>
  expect(clusters.receive(body, authorization)).rejects.toMatchObject({ code: 'clusters.bad_signature' });

describe('an event', () => {
  it('is believed when a cluster of ours signed it, and said which one did', async () => {
    for (const [keys, cluster] of [
      [own, 'cluster own'],
      [other, 'cluster other'],
    ] as const) {
      const { body, authorization } = await signed(keys);
      const received = await clusters.receive(body, authorization);
      expect(received).toMatchObject({ cluster, event: { id: event.id, event: 'participant_joined' } });
      expect(await clusters.receive(body, `Bearer ${authorization}`)).toMatchObject({ cluster });
    }
  });

  it('is refused when its body is another, by a single byte', async () => {
    const { body, authorization } = await signed();
    await refused(`${body} `, authorization);
    await refused(body.replace('usr_', 'usr-'), authorization);
    await refused('', authorization);
  });

  it('is refused when somebody else signed it, or claims to be one of ours', async () => {
    const foreign = await signed(stranger);
    await refused(foreign.body, foreign.authorization);
    const claimed = await signed({ apiKey: own.apiKey, apiSecret: stranger.apiSecret });
    await refused(claimed.body, claimed.authorization);
    const mixed = await signed({ apiKey: own.apiKey, apiSecret: other.apiSecret });
    await refused(mixed.body, mixed.authorization);
  });

  it('is refused when nobody signed it', async () => {
    const { body, authorization } = await signed();
    const unsigned = new UnsecuredJWT(decodeJwt(authorization)).encode();
    for (const none of ['', 'Bearer ', 'nonsense', 'a.b.c', unsigned, authorization.slice(0, -4)])
      await refused(body, none);
  });

  it('is refused by a token that speaks of no body: a join token is no signature', async () => {
    const { body } = await signed();
    const bare = await new SignJWT({ video: { roomJoin: true } })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(own.apiKey)
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(own.apiSecret));
    await refused(body, bare);
  });

  it('may be a minute late or early, no more', async () => {
    const now = Date.now();
    const LIFE_MS = 300_000;
    for (const late of [LIFE_MS + 30_000, -30_000]) {
      const { body, authorization } = await signed(own, now - late);
      expect(await clusters.receive(body, authorization)).toMatchObject({ cluster: 'cluster own' });
    }
    for (const late of [LIFE_MS + 120_000, -120_000]) {
      const { body, authorization } = await signed(own, now - late);
      await refused(body, authorization);
    }
  });

  it('that is no JSON is refused, signed or not', async () => {
    const hash = Buffer.from(
      await crypto.subtle.digest('SHA-256', new TextEncoder().encode('not json')),
    ).toString('base64');
    const token = await new SignJWT({ sha256: hash })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(own.apiKey)
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(own.apiSecret));
    await refused('not json', token);
  });
});
