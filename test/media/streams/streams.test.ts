import { beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { livekitEvents } from '../../../src/calls/sync/sync.tables.ts';
import { streams } from '../../../src/media/streams/streams.tables.ts';
import { sweepStreamers, sweepStreams } from '../../../src/media/streams/sweep-streams.ts';
import { createOutgoing } from '../../../src/platform/outgoing/index.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { FakeStreamer } from '../../support/livekit/fake-streamer.ts';
import { signWebhook } from '../../support/livekit/webhooks.ts';
import { createRecordableRoom } from '../../support/recordings.ts';
import { withFreshToken } from '../../support/tokens.ts';

const KEY = 'abcd-1234-efgh-5678';
const YOUTUBE = { url: 'rtmps://video.example/live2', streamKey: KEY };
const TWITCH = { url: 'rtmp://ams02.contribute.live-video.net/app', streamKey: 'live_42_secret' };
const SRT = {
  url: 'srt://receiver.example:9000',
  streamKey: 'publish:call',
  passphrase: 'a long passphrase'.replaceAll(' ', '-'),
};

const app = createTestApp();
const { ports } = app.services;
let streamer: FakeStreamer;
let owner: Person;
let room: Awaited<ReturnType<typeof createRecordableRoom>>;
/** What every name leads to. */
let leadsTo = '93.184.216.34';
ports.outgoing = createOutgoing({
  resolver: { resolve: async () => [leadsTo] },
  fetcher: app.storage.fetch,
});

const send = (method: string, path: string, body?: unknown, token = owner.token) =>
  app.send(method, path, { token, ...(body === undefined ? {} : { body }) });
const listPath = () => `/api/v1/rooms/${room.roomId}/streams`;
const start = (body: unknown = { targets: [YOUTUBE] }) => send('POST', listPath(), body);
const get = async (id: string) => (await send('GET', `${listPath()}/${id}`)).body;
const sweepAfter = async (seconds: number) => {
  app.clock.advanceSeconds(seconds);
  owner = await withFreshToken(app, owner);
  await sweepStreams(app.services);
  await app.drain();
};
/** A stream that is sent. */
async function begin(body?: unknown): Promise<string> {
  const answer = await start(body);
  expect(answer).toMatchObject({ status: 201, body: { state: 'requested' } });
  await app.drain();
  streamer.streams.at(-1)!.status = 'active';
  await sweepAfter(1);
  return answer.body.id as string;
}
const readRows = () => app.services.database.read(systemScope, (q) => [q.select().from(streams)]);

beforeEach(async () => {
  // What was streamed before concerns the streamer no more.
  await app.drain();
  await app.services.database.commit(systemScope, (q) => [q.delete(streams)]);
  leadsTo = '93.184.216.34';
  streamer = new FakeStreamer(app.clock.now);
  ports.clusters = { ...ports.clusters, streamers: () => streamer };
  owner = await app.person();
  room = await createRecordableRoom(app, owner);
});

describe('a stream', () => {
  it('begins with its whole addresses and a folder for segments, is stopped and ends, and no key is stored or answered', async () => {
    const segments = { bucketId: room.bucketId };
    const id = await begin({ layout: 'speaker', targets: [YOUTUBE, TWITCH], segments });
    expect(streamer.started).toMatchObject([
      {
        room: room.callId,
        label: id,
        layout: 'speaker',
        urls: [`${YOUTUBE.url}/${KEY}`, `${TWITCH.url}/live_42_secret`],
        segments: { folder: expect.stringContaining(`${room.callId}/${id}/`), segmentSeconds: 4 },
      },
    ]);
    expect(await get(id)).toMatchObject({
      state: 'active',
      targets: [{ state: 'active' }, { state: 'active' }],
    });
    expect(await send('POST', `${listPath()}/${id}/stop`)).toMatchObject({ status: 200 });
    await app.drain();
    expect(await get(id)).toMatchObject({ state: 'finalizing', stopReason: 'requested' });
    streamer.streams[0]!.segments = { count: 15, sizeBytes: 9_000, durationMs: 60_000 };
    streamer.end();
    await sweepAfter(60);
    const ended = await get(id);
    expect(ended).toMatchObject({
      state: 'ended',
      reason: null,
      segments: { segmentCount: 15, sizeBytes: 9_000, playlistKey: expect.stringMatching(/index\.m3u8$/) },
      targets: [{ state: 'ended' }, { state: 'ended' }],
    });
    const logs = (await send('GET', '/api/v1/audit/logs?limit=100')).body;
    const [rows] = await readRows();
    for (const shown of [ended, logs, rows]) expect(JSON.stringify(shown)).not.toMatch(/1234|42_secret/);
  });

  it('by SRT calls the receiver, whatever the address asks for', async () => {
    await begin({ targets: [SRT] });
    const [{ urls }] = streamer.started as [(typeof streamer.started)[0]];
    expect(Object.fromEntries(new URL(urls[0]!).searchParams)).toEqual({
      mode: 'caller',
      streamid: SRT.streamKey,
      passphrase: SRT.passphrase,
    });
  });

  it('is refused without anywhere to go, with a query or options in an address, with RTMP beside SRT, and with an address twice', async () => {
    const refused = [
      [],
      [{ ...SRT, url: `${SRT.url}?mode=listener` }],
      [{ ...YOUTUBE, streamKey: 'key live=1' }],
      [{ ...YOUTUBE, url: 'https://video.example/live2' }],
      [YOUTUBE, SRT],
      [YOUTUBE, YOUTUBE],
    ];
    for (const targets of refused) expect(await start({ targets })).toMatchObject({ status: 400 });
  });

  it('to an address inside of a network is refused, also when its name leads there only later', async () => {
    for (const url of ['rtmp://127.0.0.1/app', 'rtmp://[::ffff:10.0.0.1]/app', 'rtmp://db.internal/app'])
      expect(await start({ targets: [{ ...YOUTUBE, url }] })).toMatchObject({
        status: 422,
        body: { code: 'outgoing.address_refused' },
      });
    const { body } = await start();
    leadsTo = '10.0.0.1';
    await app.drain();
    expect(await get(body.id as string)).toMatchObject({
      state: 'failed',
      reason: 'no_target',
      targets: [{ state: 'failed', reason: 'address_refused' }],
    });
    expect(streamer.calls).not.toContain('start');
    leadsTo = '93.184.216.34';
    const id = await begin();
    leadsTo = '10.0.0.1';
    await sweepAfter(60);
    expect((await get(id)).targets).toMatchObject([{ state: 'failed', reason: 'address_refused' }]);
    expect(streamer.streams.at(-1)!.targets).toMatchObject([{ status: 'finished' }]);
  });

  it('is one at a time in a call, however many are asked for at once', async () => {
    const statuses = (await Promise.all([start(), start(), start()])).map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
  });

  it('is found again when the answer to its start was lost, and not begun twice', async () => {
    streamer.fault = 'loses_answer';
    const { body } = await start();
    await app.drain();
    streamer.fault = null;
    await sweepAfter(30);
    expect((await get(body.id as string)).state).toBe('starting');
    expect(streamer.streams.filter((each) => each.room === room.callId)).toHaveLength(1);
  });

  it.each([
    ['busy', 'no_recorder', 60],
    ['refuses', 'refused', 1],
  ] as const)('that the cluster answers with %s has failed: %s', async (fault, reason, seconds) => {
    streamer.fault = fault;
    const { body } = await start();
    await app.drain();
    await sweepAfter(seconds);
    expect(await get(body.id as string)).toMatchObject({ state: 'failed', reason });
  });

  it('that a cluster runs although its row is over is stopped; what others stream there is not', async () => {
    const id = await begin();
    await sweepStreamers(app.services);
    streamer.streams.push({ ...streamer.streams[0]!, egressId: 'EG_others', layout: 'grid' });
    streamer.streams.push({ ...streamer.streams[0]!, egressId: 'EG_stray' });
    await sweepStreamers(app.services);
    expect(streamer.streams.map(({ status }) => status)).toEqual(['active', 'active', 'ending']);
    expect((await get(id)).state).toBe('active');
  });
});

describe('the targets of a stream', () => {
  const addTo = (id: string, body: unknown) => send('POST', `${listPath()}/${id}/targets`, body);
  const statesOf = async (id: string) =>
    ((await get(id)).targets as { state: string; reason: string | null }[]).map(({ state, reason }) => [
      state,
      reason,
    ]);

  it('are added and removed while it is sent, one that fails ends no other, and it can be added again', async () => {
    const id = await begin();
    expect(await addTo(id, YOUTUBE)).toMatchObject({ status: 409, body: { code: 'streams.target_exists' } });
    expect(await addTo(id, SRT)).toMatchObject({ status: 409, body: { code: 'streams.other_protocol' } });
    const { body } = await addTo(id, TWITCH);
    await app.drain();
    expect(await statesOf(id)).toEqual([
      ['active', null],
      ['active', null],
    ]);
    Object.assign(streamer.streams[0]!.targets[0]!, { status: 'failed', endedAtMs: app.clock.now() });
    await sweepAfter(1);
    expect(await statesOf(id)).toEqual([
      ['failed', null],
      ['active', null],
    ]);
    await addTo(id, YOUTUBE);
    await app.drain();
    expect((await statesOf(id))[2]).toEqual(['active', null]);
    const targetPath = `${listPath()}/${id}/targets/${body.targets[1].id}`;
    expect(await send('DELETE', targetPath)).toMatchObject({ status: 200 });
    await app.drain();
    expect(await statesOf(id)).toEqual([
      ['failed', null],
      ['ended', 'removed'],
      ['active', null],
    ]);
    expect((await get(id)).state).toBe('active');
  });

  it('are added once when the answer is lost, and one that the cluster refuses ends alone', async () => {
    const id = await begin();
    streamer.fault = 'loses_answer';
    await addTo(id, TWITCH);
    await app.drain();
    streamer.fault = null;
    await sweepAfter(30);
    expect(streamer.streams[0]!.targets).toHaveLength(2);
    streamer.fault = 'refuses';
    await addTo(id, { ...YOUTUBE, streamKey: 'second-key' });
    await app.drain();
    expect(await statesOf(id)).toEqual([
      ['active', null],
      ['active', null],
      ['failed', 'refused'],
    ]);
  });

  it('are added once by two runs at the same moment, also when one is removed meanwhile', async () => {
    const id = await begin();
    const removeLast = async () => {
      const { targets } = await get(id);
      await send('DELETE', `${listPath()}/${id}/targets/${targets.at(-1).id}`);
    };
    streamer.whileChanging = async () => {
      streamer.whileChanging = async () => undefined;
      await sweepStreams(app.services);
      await removeLast();
      await sweepStreams(app.services);
    };
    await addTo(id, TWITCH);
    await app.drain();
    await sweepAfter(30);
    expect(streamer.streams[0]!.targets).toMatchObject([{ status: 'active' }, { status: 'finished' }]);
    expect(await statesOf(id)).toEqual([
      ['active', null],
      ['ended', 'removed'],
    ]);
  });

  it('that are all removed end the stream', async () => {
    const id = await begin();
    const [target] = (await get(id)).targets;
    await send('DELETE', `${listPath()}/${id}/targets/${target.id}`);
    await app.drain();
    expect(await get(id)).toMatchObject({ state: 'finalizing', stopReason: 'requested' });
  });
});

it('of a webhook about an egress nothing is stored that has keys in it', async () => {
  const id = await begin({ targets: [SRT] });
  streamer.end('failed');
  const event = {
    event: 'egress_ended',
    id: 'EV_stream',
    createdAt: '1',
    egressInfo: {
      egressId: 'EG',
      roomName: room.callId,
      streamResults: [{ url: streamer.started[0]!.urls[0] }],
    },
  };
  const { headers, body: raw } = await signWebhook(event as never, app.liveKit);
  expect(await app.send('POST', '/webhooks/livekit', { headers, raw })).toMatchObject({ status: 204 });
  await app.drain();
  expect(await get(id)).toMatchObject({ state: 'failed', reason: 'recorder_failed' });
  const [rows] = await app.services.database.read(systemScope, (q) => [q.select().from(livekitEvents)]);
  expect(rows.map(({ type }) => type)).toContain('egress_ended');
  expect(JSON.stringify(rows)).not.toContain(SRT.passphrase);
});

it('everybody in the room is shown a stream before it begins, and when it is over', async () => {
  const id = await begin();
  await send('POST', `${listPath()}/${id}/stop`);
  await app.drain();
  const shown = app.liveRooms.appliedCommands
    .map(({ command }) => command)
    .filter((command) => 'stream' in command && command.stream.streamId === id);
  expect(shown[0]).toMatchObject({ type: 'stream.running', stream: { active: false, by: owner.userId } });
  expect(shown.map(({ type }) => type)).toContain('stream.over');
  expect(shown).toContainEqual(
    expect.objectContaining({ stream: expect.objectContaining({ active: true }) }),
  );
  expect(JSON.stringify(shown)).not.toContain('example');
});

describe('a stream stops by itself', () => {
  async function patchRoom(body: unknown) {
    const path = `/api/v1/rooms/${room.roomId}`;
    const { headers } = await send('GET', path);
    const ifMatch = { 'if-match': headers.get('etag')! };
    await app.send('PATCH', path, { token: owner.token, body, headers: ifMatch });
    expect(await start()).toMatchObject({ status: 409 });
  }
  it.each([
    ['call_ended', () => send('POST', `/api/v1/rooms/${room.roomId}/end`)],
    [
      'not_included',
      () =>
        app.send('POST', `/api/v1/operator/organizations/${owner.organizationId}/entitlement-grants`, {
          token: app.operator,
          body: { kind: 'feature', name: 'live_streams', value: 0, reason: 'Test' },
        }),
    ],
    ['switched_off', () => patchRoom({ features: { recording: false } })],
    ['switched_off', () => patchRoom({ recordingConsent: 'required' })],
  ])('%s', async (stopReason, change) => {
    const id = await begin();
    await change();
    await sweepAfter(1);
    expect(streamer.calls).toContain('stop');
    expect(await get(id)).toMatchObject({ state: 'finalizing', stopReason });
  });
});
