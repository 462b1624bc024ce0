import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  type Clusters,
  clustersOf,
  createClusters,
  type JoinToken,
} from '../../../src/meetings/clusters/index.ts';
import { TestClock } from '../../support/app.ts';
import { LiveKitStandIn } from '../../support/livekit/stand-in.ts';
import { signWebhook } from '../../support/livekit/webhooks.ts';

const ROOM = 'call_01jd3v7q8gf4kr2x6a0w9mznpe';
const IDENTITY = 'usr_01jd3v7q8gf4kr2x6a0w9mznpe';

/** One cluster named `near`, whose next requests behave as said. */
function near(...behaviours: string[]) {
  const media = new LiveKitStandIn();
  const clock = new TestClock();
  const url = 'http://near.test';
  const { apiKey, apiSecret } = media;
  const cluster = { name: 'near', url, apiUrl: url, apiKey, apiSecret, continents: [] };
  const fetching = media.behaving(...behaviours);
  const clusters: Clusters = createClusters([cluster], clock, (to, init) => fetching(to, init));
  return { media, clock, clusters, api: clusters.api('near') };
}

describe('a request to a cluster', () => {
  it.each(['status=500', 'status=429', 'drop', 'garbage', 'close-mid-body', 'drop-after'])(
    'is made again after %s',
    async (behaviour) => {
      const { media, api } = near(behaviour, behaviour);
      media.cluster.join(ROOM, IDENTITY, { name: 'Ada' });
      const sid = media.cluster.publish(ROOM, IDENTITY, { source: 'SCREEN_SHARE' });
      expect(await api.listParticipants(ROOM)).toEqual([
        expect.objectContaining({
          identity: IDENTITY,
          name: 'Ada',
          state: 'active',
          tracks: [{ sid, kind: 'video', source: 'screen_share', muted: false }],
        }),
      ]);
    },
  );

  it('fails as unavailable after the third time', async () => {
    const { api } = near('drop', 'status=503', 'drop');
    await expect(api.listRooms()).rejects.toMatchObject({ code: 'clusters.unavailable' });
  });

  it('is not made again when it was refused', async () => {
    const { media, api } = near('status=403');
    await expect(api.listRooms()).rejects.toMatchObject({ code: 'clusters.refused' });
    expect(media.called).toEqual([]);
  });

  it('is not made again when twice is more than once', async () => {
    const { media, api } = near('drop-after');
    media.cluster.join(ROOM, IDENTITY);
    await expect(api.sendData(ROOM, Buffer.from('hello'), {})).rejects.toMatchObject({
      code: 'clusters.unavailable',
    });
    expect(media.cluster.sent).toHaveLength(1);
  });

  it('is given up when no answer comes', async () => {
    const { api } = near('hang');
    await expect(api.sendData(ROOM, Buffer.from('hello'), {})).rejects.toMatchObject({
      code: 'clusters.unavailable',
    });
  });

  it('is not even begun while the cluster is down, and tried again after ten seconds', async () => {
    const { media, clock, clusters, api } = near(...Array.from({ length: 15 }, () => 'drop'));
    for (let failure = 0; failure < 5; failure++)
      await expect(api.listRooms()).rejects.toMatchObject({ code: 'clusters.unavailable' });
    expect(clusters.state('near')).toBe('open');
    await expect(api.listRooms()).rejects.toMatchObject({ code: 'server.unavailable' });
    expect(media.called).toEqual([]);
    clock.advanceSeconds(10);
    expect(await api.listRooms()).toEqual([]);
    expect(clusters.state('near')).toBe('closed');
  });
});

describe('what is asked for', () => {
  it('is done', async () => {
    const { media, api } = near();
    media.cluster.join(ROOM, IDENTITY, { name: 'Ada' });
    const sid = media.cluster.publish(ROOM, IDENTITY, { source: 'MICROPHONE' });
    expect(await api.muteTrack(ROOM, IDENTITY, sid, true)).toBe(true);
    const grants = { publish: false, subscribe: true, data: false, hidden: false, agent: false };
    expect(await api.updateParticipant(ROOM, IDENTITY, { name: 'Ada L.', grants })).toBe(true);
    const { participant } = media.cluster.whoIs(ROOM, IDENTITY);
    expect(participant).toMatchObject({ name: 'Ada L.', tracks: [] });
    expect(participant.permission).toMatchObject({ canPublish: false, canSubscribe: true });
    await api.sendData(ROOM, Buffer.from('hello'), { topic: 'notice', identities: [IDENTITY] });
    expect(media.cluster.sent).toEqual([{ room: ROOM, text: 'hello', topic: 'notice', to: [IDENTITY] }]);
    expect(await api.removeParticipant(ROOM, IDENTITY)).toBe(true);
    expect(await api.deleteRoom(ROOM)).toBe(true);
    expect(await api.listRooms()).toEqual([]);
  });

  it('is no failure when it is done already', async () => {
    const { clusters, api } = near();
    expect([
      await api.removeParticipant(ROOM, IDENTITY),
      await api.muteTrack(ROOM, IDENTITY, 'TR_gone', true),
      await api.updateParticipant(ROOM, IDENTITY, { name: 'Nobody' }),
      await api.deleteRoom(ROOM),
      await api.listParticipants(ROOM),
      await api.sendData(ROOM, Buffer.from('hello'), {}),
    ]).toEqual([false, false, false, false, [], undefined]);
    expect(clusters.state('near')).toBe('closed');
  });
});

const join: JoinToken = {
  room: ROOM,
  identity: IDENTITY,
  name: 'Ada',
  attributes: { role: 'participant' },
  grants: {
    publish: true,
    subscribe: true,
    data: true,
    hidden: false,
    agent: false,
    sources: ['microphone'],
  },
  configuration: { emptyTimeoutSeconds: 300, departureTimeoutSeconds: 20, metadata: '{"roomId":"room_1"}' },
  lifeSeconds: 300,
};

describe('clusters', () => {
  const one = { LIVEKIT_URL: 'wss://eu.test/', LIVEKIT_API_KEY: 'eu', LIVEKIT_API_SECRET: 's'.repeat(32) };
  const far = {
    name: 'far',
    url: 'wss://far.test',
    apiKey: 'far',
    apiSecret: 't'.repeat(32),
    continents: ['AS'],
  };
  const both = clustersOf({ ...one, LIVEKIT_CLUSTERS: [far] });

  it('are chosen by the continent, else the first', () => {
    const clusters = createClusters(both, new TestClock());
    expect([clusters.choose('AS'), clusters.choose('EU'), clusters.choose(null)]).toEqual([
      'far',
      'default',
      'default',
    ]);
    expect(both[0]?.apiUrl).toBe('https://eu.test');
    expect(() => createClusters([], new TestClock()).choose('EU')).toThrow(
      expect.objectContaining({ code: 'clusters.not_configured' }),
    );
    expect(() => clusters.url('gone')).toThrow(expect.objectContaining({ code: 'clusters.not_configured' }));
  });

  it('are joined by a token for one room and one identity, with how the room is made', async () => {
    const { media, clusters } = near();
    const claims = decodeJwt(await clusters.joinToken('near', join));
    expect(claims).toMatchObject({
      iss: media.apiKey,
      sub: IDENTITY,
      name: 'Ada',
      video: { room: ROOM, roomJoin: true, canPublish: true, canPublishSources: ['microphone'] },
      roomConfig: { name: ROOM, emptyTimeout: 300, departureTimeout: 20, metadata: '{"roomId":"room_1"}' },
    });
    expect(claims.video).not.toHaveProperty('roomAdmin');
    expect(claims.exp! - Date.now() / 1000).toBeCloseTo(300, -1);
  });

  it('are believed when one of them signed exactly this event, not long ago', async () => {
    const { media, clusters } = near();
    media.cluster.join(ROOM, IDENTITY);
    const [event] = media.cluster.events;
    const { headers, body } = await signWebhook(event!, media);
    const authorization = headers.authorization ?? '';
    const received = await clusters.receive(body, authorization);
    expect(received).toMatchObject({ cluster: 'near', event: { id: event!.id, event: 'room_started' } });
    const refused = { code: 'clusters.bad_signature' };
    const forged = await signWebhook(event!, { apiKey: media.apiKey, apiSecret: 'x'.repeat(40) });
    const foreign = await signWebhook(event!, { apiKey: 'other', apiSecret: media.apiSecret });
    const old = await signWebhook(event!, media, Date.now() - 600_000);
    for (const [text, token] of [
      [body.replace('room_started', 'room_finished'), authorization],
      [body, forged.headers.authorization ?? ''],
      [body, foreign.headers.authorization ?? ''],
      [body, old.headers.authorization ?? ''],
      [body, ''],
    ] as const)
      await expect(clusters.receive(text, token)).rejects.toMatchObject(refused);
  });
});
