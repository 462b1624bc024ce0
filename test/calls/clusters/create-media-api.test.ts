import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mediaGrantsOf } from '../../../src/rooms/access/index.ts';
import { type Cluster, createClusters, type MediaApi } from '../../../src/calls/clusters/index.ts';
import { TestClock } from '../../support/app.ts';
import { LiveKitStandIn } from '../../support/livekit/stand-in.ts';

const ROOM = 'call_01jd3v7q8gf4kr2x6a0w9mznpe';
const ADA = 'usr_01jd3v7q8gf4kr2x6a0w9mznpe';

let clock: TestClock;
let liveKit: LiveKitStandIn;

beforeEach(() => {
  clock = new TestClock();
  liveKit = new LiveKitStandIn({ now: clock.now });
});
afterEach(() => void vi.restoreAllMocks());

const clusterOf = ({ apiKey, apiSecret }: LiveKitStandIn, name = 'own'): Cluster => ({
  name,
  url: 'wss://livekit.example',
  apiUrl: 'https://livekit.example',
  apiKey,
  apiSecret,
  continents: [],
});

/** The cluster's API: one request after the other gets one of the behaviours, further ones succeed. */
function apiWith(...behaviours: string[]): { api: MediaApi; asked: string[]; state: () => string } {
  const asked: string[] = [];
  const behaving = liveKit.withBehaviours(...behaviours);
  const clusters = createClusters([clusterOf(liveKit)], clock, (input, init) => {
    asked.push(input.split('/').at(-1)!);
    return behaving(input, init);
  });
  return { api: clusters.api('own'), asked, state: () => clusters.breakerState('own') };
}

const join = () => liveKit.cluster.join(ROOM, ADA, { name: 'Ada' });

describe("a cluster's API", () => {
  it('lists rooms, and participants with tracks and grants', async () => {
    const { api } = apiWith();
    const sid = join();
    const track = liveKit.cluster.publish(ROOM, ADA, { source: 'SCREEN_SHARE' });
    expect(await api.listRooms()).toMatchObject([{ name: ROOM, createdAtMs: clock.now() }]);
    expect(await api.listRooms(['another'])).toEqual([]);
    expect(await api.listParticipants(ROOM)).toEqual([
      {
        sid,
        identity: ADA,
        name: 'Ada',
        state: 'active',
        joinedAtMs: clock.now(),
        tracks: [{ sid: track, kind: 'video', source: 'screen_share', muted: false }],
        grants: { publish: true, subscribe: true, data: true, hidden: false },
      },
    ]);
    expect(await api.listParticipants('another')).toEqual([]);
  });

  it('mutes, updates, messages and removes participants, and deletes rooms', async () => {
    const { api } = apiWith();
    join();
    const track = liveKit.cluster.publish(ROOM, ADA, { source: 'MICROPHONE' });
    expect(await api.muteTrack(ROOM, ADA, track, true)).toBe(true);
    expect(await api.muteTrack(ROOM, ADA, track, true)).toBe(true);
    expect(await api.muteTrack(ROOM, ADA, 'TR_nobodys', true)).toBe(false);
    const grants = mediaGrantsOf('participant', 'group', { screenShare: false });
    expect(
      await api.updateParticipant(ROOM, ADA, { name: 'Ada L.', attributes: { role: 'host' }, grants }),
    ).toBe(true);
    expect(await api.listParticipants(ROOM)).toMatchObject([
      {
        name: 'Ada L.',
        tracks: [{ muted: true }],
        grants: {
          publish: true,
          subscribe: true,
          data: true,
          hidden: false,
          sources: ['camera', 'microphone'],
        },
      },
    ]);
    await api.sendData(ROOM, new TextEncoder().encode('{"ä":1}'), { topic: 'slides', identities: [ADA] });
    expect(liveKit.cluster.sent).toEqual([{ room: ROOM, text: '{"ä":1}', topic: 'slides', to: [ADA] }]);
    expect(await api.removeParticipant(ROOM, ADA)).toBe(true);
    expect(await api.deleteRoom(ROOM)).toBe(true);
  });

  it('returns false for a room, participant or track that is already gone', async () => {
    const { api, state } = apiWith();
    expect(await api.deleteRoom(ROOM)).toBe(false);
    expect(await api.removeParticipant(ROOM, ADA)).toBe(false);
    expect(await api.updateParticipant(ROOM, ADA, { name: 'Ada' })).toBe(false);
    expect(await api.muteTrack(ROOM, ADA, 'TR_gone', true)).toBe(false);
    expect(state()).toBe('closed');
  });
});

describe('a cluster that misbehaves', () => {
  it.each(['status=500', 'status=503', 'status=429', 'drop', 'garbage', 'close-mid-body'])(
    'with %s twice gets a third attempt',
    async (behaviour) => {
      const { api, asked } = apiWith(behaviour, behaviour);
      join();
      expect(await api.listParticipants(ROOM)).toHaveLength(1);
      expect(asked).toHaveLength(3);
    },
  );

  it('gets at most three attempts', async () => {
    const { api, asked } = apiWith('drop', 'status=500', 'garbage', 'drop');
    await expect(api.listParticipants(ROOM)).rejects.toMatchObject({ code: 'clusters.unavailable' });
    expect(asked).toHaveLength(3);
  });

  it.each(['status=400', 'status=401', 'status=403', 'status=412'])(
    'with %s has refused, and gets no further attempt',
    async (behaviour) => {
      const { api, asked, state } = apiWith(behaviour, behaviour);
      await expect(api.deleteRoom(ROOM)).rejects.toMatchObject({ code: 'clusters.refused' });
      expect(asked).toHaveLength(1);
      expect(state()).toBe('closed');
    },
  );

  it.each(['status-after=503', 'drop-after'])(
    'with %s has already acted, and repeating does no harm',
    async (behaviour) => {
      const { api, asked } = apiWith(behaviour);
      join();
      await api.removeParticipant(ROOM, ADA);
      expect(liveKit.cluster.rooms.get(ROOM)!.participants.size).toBe(0);
      expect(asked).toEqual(['RemoveParticipant', 'RemoveParticipant']);
    },
  );

  it('gets data at most once', async () => {
    const { api, asked } = apiWith('drop-after', 'status=500');
    join();
    const send = () => api.sendData(ROOM, new Uint8Array([1]), {});
    await expect(send()).rejects.toMatchObject({ code: 'clusters.unavailable' });
    await expect(send()).rejects.toMatchObject({ code: 'clusters.unavailable' });
    expect([asked.length, liveKit.cluster.sent.length]).toEqual([2, 1]);
  });

  it('that answers with something that is not a list is an error', async () => {
    const answers = [{ participants: 'none' }, { participants: [{ sid: 5, joined_at: {} }] }];
    const clusters = createClusters([clusterOf(liveKit)], clock, async () => Response.json(answers.shift()));
    for (let round = 0; round < 2; round++)
      await expect(clusters.api('own').listParticipants(ROOM)).rejects.toMatchObject({
        code: 'server.unavailable',
      });
  });

  it('has four seconds for each attempt', async () => {
    const limits = new Map<AbortSignal, number>();
    const { timeout } = AbortSignal;
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const signal = timeout.call(AbortSignal, ms === 4_000 ? 5 : ms);
      limits.set(signal, ms);
      return signal;
    });
    const hanging = liveKit.withBehaviours('hang', 'hang', 'hang');
    const attempts: unknown[] = [];
    const clusters = createClusters([clusterOf(liveKit)], clock, (input, init) => {
      attempts.push(limits.get(init!.signal!));
      return hanging(input, init);
    });
    const listing = clusters.api('own').listParticipants(ROOM);
    await expect(listing).rejects.toMatchObject({ code: 'clusters.unavailable' });
    expect(attempts).toEqual([4_000, 4_000, 4_000]);
  });

  it('is not followed to another address', async () => {
    const redirects: RequestInit[] = [];
    const clusters = createClusters([clusterOf(liveKit)], clock, async (_url, init) => {
      redirects.push(init!);
      return new Response(null, { status: 302, headers: { location: 'http://169.254.169.254/' } });
    });
    await expect(clusters.api('own').deleteRoom(ROOM)).rejects.toMatchObject({ code: 'clusters.refused' });
    expect(redirects.map(({ redirect }) => redirect)).toEqual(['manual']);
  });
});

describe("a cluster's breaker", () => {
  const fail = async (api: MediaApi) =>
    expect(api.sendData(ROOM, new Uint8Array(), {})).rejects.toMatchObject({ code: 'clusters.unavailable' });

  it('opens after five failures in a row, then allows one attempt each ten seconds', async () => {
    const { api, asked, state } = apiWith(...Array.from({ length: 6 }, () => 'status=500'));
    join();
    for (let round = 0; round < 5; round++) await fail(api);
    expect(state()).toBe('open');
    clock.advanceSeconds(4);
    await expect(api.listParticipants(ROOM)).rejects.toMatchObject({
      code: 'server.unavailable',
      details: { retryAfterSeconds: 6 },
    });
    expect(asked).toHaveLength(5);
    clock.advanceSeconds(6);
    expect(state()).toBe('half_open');
    await fail(api);
    expect(state()).toBe('open');
    clock.advanceSeconds(10);
    expect(await api.listParticipants(ROOM)).toHaveLength(1);
    expect(state()).toBe('closed');
  });

  it('counts neither refusals nor what is already gone', async () => {
    const { api, state } = apiWith(...Array.from({ length: 8 }, () => 'status=400'));
    for (let round = 0; round < 8; round++)
      await expect(api.deleteRoom(ROOM)).rejects.toMatchObject({ code: 'clusters.refused' });
    for (let round = 0; round < 8; round++) expect(await api.deleteRoom(ROOM)).toBe(false);
    expect(state()).toBe('closed');
  });

  it('does not affect another cluster', async () => {
    const other = new LiveKitStandIn({ apiKey: 'other', now: clock.now });
    other.cluster.join(ROOM, ADA);
    const all = [clusterOf(liveKit), { ...clusterOf(other, 'other'), apiUrl: 'https://other.example' }];
    const broken = liveKit.withBehaviours(...Array.from({ length: 5 }, () => 'status=500'));
    const clusters = createClusters(all, clock, (input, init) =>
      input.includes('other.example') ? other.fetch(input, init) : broken(input, init),
    );
    for (let round = 0; round < 5; round++) await fail(clusters.api('own'));
    expect([clusters.breakerState('own'), clusters.breakerState('other')]).toEqual(['open', 'closed']);
    expect(await clusters.api('other').listParticipants(ROOM)).toHaveLength(1);
  });
});

it('a recorder that does not answer to a stop has vanished, which is no failure of the cluster', async () => {
  const asked: string[] = [];
  const clusters = createClusters([clusterOf(liveKit)], clock, async (input) => {
    asked.push(input.split('/').at(-1)!);
    return Response.json({ code: 'deadline_exceeded', msg: 'request timed out' }, { status: 408 });
  });
  for (let count = 0; count < 6; count++) expect(await clusters.recorders('own').stop('EG_1')).toBeNull();
  expect(asked).toEqual(Array.from({ length: 6 }, () => 'StopEgress'));
  expect(clusters.breakerState('own')).toBe('closed');
  await expect(clusters.recorders('own').list(null)).rejects.toMatchObject({ code: 'clusters.unavailable' });
});

it.each([
  ['complete', { file_results: [{ filename: 'rec/a.mp4', size: '7', duration: '1000000' }] }],
  ['failed', { error: 'the recorder died' }],
])('a recording that has ended and is once more reported as ending is %s', async (status, fields) => {
  const item = { egress_id: 'EG_1', room_name: ROOM, status: 'EGRESS_ENDING', ...fields };
  const listed = async (ended_at: string) => {
    const answer = async () => Response.json({ items: [{ ...item, ended_at }] });
    const [found] = await createClusters([clusterOf(liveKit)], clock, answer)
      .recorders('own')
      .list(ROOM);
    return found!.status;
  };
  expect(await listed('0')).toBe('ending');
  expect(await listed('1767607200000000000')).toBe(status);
});

it("the client of a cluster's ingresses says of each for which organization it was created; of those of others, none", async () => {
  const items: object[] = [{ ingressId: 'IN_others', name: 'camera/1' }];
  const clusters = createClusters([clusterOf(liveKit)], clock, async (input, init) => {
    if (input.endsWith('/ListIngress')) return Response.json({ items });
    const { name } = JSON.parse(init?.body as string);
    items.push({ ingressId: 'IN_ours', name });
    return Response.json(items.at(-1));
  });
  const api = clusters.ingresses('own');
  const organizationId = 'org_01jd3v7q8gf4kr2x6a0w9mznpe';
  await api.create({ kind: 'rtmp', organizationId, identity: 'ing_1', name: 'Camera', room: null });
  expect((await api.list()).map((each) => each.organizationId)).toEqual(['', organizationId]);
});
