import { TokenVerifier } from 'livekit-server-sdk';
import { describe, expect, it } from 'vitest';
import { mediaGrantsOf } from '../../../src/rooms/access/index.ts';
import {
  type Cluster,
  clustersFromConfig,
  createClusters,
  type JoinTokenRequest,
} from '../../../src/calls/clusters/index.ts';
import { ROOM_ROLES, type RoomRole } from '../../../src/rooms/rooms/index.ts';
import { TestClock } from '../../support/app.ts';

const cluster = (name: string, continents: string[] = []): Cluster => ({
  name,
  url: `wss://${name}.example`,
  apiUrl: `https://${name}.example`,
  apiKey: `key-${name}`,
  apiSecret: `secret of the cluster ${name}`.padEnd(40, '.'),
  continents,
});
const clusters = (...list: Cluster[]) => createClusters(list, new TestClock());

describe('the cluster of a call', () => {
  const several = clusters(
    cluster('first', ['NA']),
    cluster('europe', ['EU', 'AF']),
    cluster('asia', ['AS']),
  );

  it.each([
    ['EU', 'europe'],
    ['AF', 'europe'],
    ['AS', 'asia'],
    ['NA', 'first'],
    ['OC', 'first'],
    [null, 'first'],
  ])('for a participant in %s is %s', (continent, name) => {
    expect(several.chooseCluster(continent)).toBe(name);
  });

  it('is the first that serves the continent', () => {
    expect(clusters(cluster('a'), cluster('b', ['EU']), cluster('c', ['EU'])).chooseCluster('EU')).toBe('b');
  });

  it('is an error when no cluster is configured, or none has the name', () => {
    const code = 'clusters.not_configured';
    expect(() => clusters().chooseCluster('EU')).toThrow(expect.objectContaining({ code }));
    expect(() => several.clientUrl('gone')).toThrow(expect.objectContaining({ code }));
    expect(() => several.api('gone')).toThrow(expect.objectContaining({ code }));
    expect(() => several.breakerState('gone')).toThrow(expect.objectContaining({ code }));
  });

  it('is configured as a single one, in a list, or both', () => {
    const single = { LIVEKIT_URL: 'ws://127.0.0.1:7880/', LIVEKIT_API_KEY: 'k', LIVEKIT_API_SECRET: 's' };
    expect(clustersFromConfig(single)).toMatchObject([
      { name: 'default', apiUrl: 'http://127.0.0.1:7880', continents: [] },
    ]);
    const { apiUrl: _, ...listed } = cluster('europe', ['EU']);
    expect(clustersFromConfig({ ...single, LIVEKIT_CLUSTERS: [listed] }).map(({ name }) => name)).toEqual([
      'default',
      'europe',
    ]);
    expect(clustersFromConfig({ LIVEKIT_URL: undefined, LIVEKIT_CLUSTERS: [listed] })).toMatchObject([
      { name: 'europe', apiUrl: 'https://europe.example' },
    ]);
    expect(clustersFromConfig({ LIVEKIT_URL: 'ws://127.0.0.1:7880', LIVEKIT_API_KEY: 'k' })).toEqual([]);
  });
});

describe('a join token', () => {
  const own = cluster('own');
  const verifier = new TokenVerifier(own.apiKey, own.apiSecret);
  const join = (more: Partial<JoinTokenRequest> = {}): JoinTokenRequest => ({
    room: 'call_01jd3v7q8gf4kr2x6a0w9mznpe',
    identity: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
    name: 'Ada & 愛',
    attributes: { role: 'participant' },
    grants: mediaGrantsOf('participant', 'group', { screenShare: true }),
    configuration: { emptyTimeoutSeconds: 300, departureTimeoutSeconds: 20, metadata: '{"a":1}' },
    ttlSeconds: 120,
    ...more,
  });
  const claimsOf = async (more?: Partial<JoinTokenRequest>) =>
    verifier.verify(await clusters(own).signJoinToken('own', join(more)));

  it('admits one identity to one call for a limited time, with the settings of the room', async () => {
    const claims = await claimsOf();
    expect(claims).toMatchObject({
      iss: 'key-own',
      sub: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
      name: 'Ada & 愛',
      attributes: { role: 'participant' },
      roomConfig: {
        name: 'call_01jd3v7q8gf4kr2x6a0w9mznpe',
        emptyTimeout: 300,
        departureTimeout: 20,
        metadata: '{"a":1}',
      },
    });
    expect(claims.exp! - claims.nbf!).toBe(120);
    expect(claims.video).toMatchObject({ room: 'call_01jd3v7q8gf4kr2x6a0w9mznpe', roomJoin: true });
  });

  it('is refused with another secret, and after its time', async () => {
    const token = await clusters(own).signJoinToken('own', join());
    await expect(new TokenVerifier(own.apiKey, 'another secret'.padEnd(40)).verify(token)).rejects.toThrow();
    await expect(claimsOf({ ttlSeconds: -60 })).rejects.toThrow();
  });

  const people = ['camera', 'microphone', 'screen_share', 'screen_share_audio'];
  const GRANTS_BY_ROLE: Record<RoomRole, Record<string, unknown>> = {
    host: { canPublish: true, canPublishData: true, hidden: false, agent: false, canPublishSources: people },
    moderator: {
      canPublish: true,
      canPublishData: true,
      hidden: false,
      agent: false,
      canPublishSources: people,
    },
    participant: {
      canPublish: true,
      canPublishData: true,
      hidden: false,
      agent: false,
      canPublishSources: people,
    },
    viewer: { canPublish: false, canPublishData: false, hidden: false, agent: false },
    agent: { canPublish: true, canPublishData: true, hidden: false, agent: true },
    observer: { canPublish: false, canPublishData: false, hidden: true, agent: false },
  };

  it.each(ROOM_ROLES)('of a %s has exactly the grants of the role', async (role) => {
    const { video } = await claimsOf({ grants: mediaGrantsOf(role, 'group', { screenShare: true }) });
    expect(video).toEqual({
      room: 'call_01jd3v7q8gf4kr2x6a0w9mznpe',
      roomJoin: true,
      canSubscribe: true,
      canUpdateOwnMetadata: false,
      ...GRANTS_BY_ROLE[role],
    });
    // No participant administers the cluster.
    for (const right of ['roomAdmin', 'roomCreate', 'roomList', 'roomRecord', 'ingressAdmin'])
      expect(video).not.toHaveProperty(right);
  });

  it.each([
    ['group', false, ['camera', 'microphone']],
    ['audio_room', false, ['microphone']],
    ['audio_room', true, ['microphone', 'screen_share', 'screen_share_audio']],
  ])(
    'in a room of type %s with screen sharing %s allows the sources %j',
    async (type, screenShare, sources) => {
      const { video } = await claimsOf({ grants: mediaGrantsOf('host', type, { screenShare }) });
      expect(video!.canPublishSources).toEqual(sources);
    },
  );
});
