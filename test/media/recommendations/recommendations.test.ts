import { beforeEach, describe, expect, it } from 'vitest';
import { deleteOldRecommendations } from '../../../src/media/recommendations/delete-old-recommendations.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { sendFrame } from '../../support/send-frame.ts';
import { createBatch, createCall, postSamples, sampleAt, sentTrack } from '../../insights/quality/support.ts';

const app = createTestApp();
const CONFIG = '/api/v1/aic/config';
let host: Person;
let call: Awaited<ReturnType<typeof createCall>>;
let sequence: number;

beforeEach(async () => {
  // Their own each time, because minutes go by, and tokens expire.
  host = await app.person();
  await setMode('adaptive');
  call = await createCall(app, host, 1);
  sequence = 0;
  await app.drain();
  app.liveRooms.appliedCommands.length = 0;
});

const setMode = async (mode: string) =>
  expect(
    await app.send('PUT', CONFIG, { token: host.token, body: { mode, maxSendBps: null } }),
  ).toMatchObject({ status: 200 });

async function loseCompression(): Promise<void> {
  const path = `/api/v1/operator/organizations/${host.organizationId}/entitlement-grants`;
  const body = { kind: 'feature', name: 'compression', value: 0, endsAt: null, reason: 'Test' };
  expect(await app.send('POST', path, { token: app.operator, body })).toMatchObject({ status: 201 });
}

/** Reports five seconds of a network with this bandwidth, after a pause, and lets everything follow that follows. */
async function report(
  availableOutgoingBps: number | undefined,
  more: { token?: string; connection?: string; lost?: number; afterSeconds?: number } = {},
) {
  const { token = host.token, connection = 'PA_1', lost = 0, afterSeconds = 5 } = more;
  app.clock.advanceSeconds(afterSeconds);
  const figures = availableOutgoingBps === undefined ? {} : { availableOutgoingBps };
  const batch = createBatch(app, {
    callId: call.callId,
    connection,
    sequence: sequence++,
    samples: [sampleAt(app, 0, figures, [{ ...sentTrack(lost), bitrateBps: 40_000 }])],
  });
  expect(await postSamples(app, token, batch)).toMatchObject({ status: 201 });
  await app.drain();
}

type Recommended = {
  identity: string;
  recommendation: { recommendationId: string; audio: { maxBps: number }; video: { maxBps: number } | null };
};
const recommended = () =>
  app.liveRooms.appliedCommands
    .filter(({ roomId, command }) => roomId === call.roomId && command.type === 'media.recommended')
    .map(({ command }) => command as unknown as Recommended);
const bitsOf = ({ recommendation: { audio, video } }: Recommended) => audio.maxBps + (video?.maxBps ?? 0);
const get = (path: string, token = host.token) => app.send('GET', `/api/v1/aic/${path}`, { token });

describe('a participant', () => {
  it('is recommended less as soon as their network is short, and nothing while it stays as it is', async () => {
    await report(4_000_000);
    expect(recommended()).toMatchObject([{ identity: call.host.identity }]);
    await report(4_000_000);
    expect(recommended()).toHaveLength(1);
    await report(250_000);
    const [first, second] = recommended();
    expect(recommended()).toHaveLength(2);
    expect(bitsOf(first!)).toBe(1_100_000);
    expect(bitsOf(second!)).toBeLessThanOrEqual(160_000);
    for (let index = 0; index < 3; index++) await report(250_000, { lost: 0 });
    const settled = recommended().length;
    expect(settled).toBeLessThanOrEqual(3);
  });

  it('is recommended more again once the network has lasted, one level at a time', async () => {
    await report(4_000_000);
    await report(150_000);
    for (let index = 0; index < 22; index++) await report(4_000_000);
    const bits = recommended().map(bitsOf);
    expect(bits.at(-1)).toBe(1_100_000);
    expect(new Set(bits).size).toBeGreaterThan(3);
  });

  it('is recommended the same again by another connection, and when no answer came', async () => {
    await report(4_000_000);
    await report(4_000_000, { connection: 'PA_2' });
    expect(recommended()).toHaveLength(2);
    for (let index = 0; index < 4; index++) await report(4_000_000, { connection: 'PA_2' });
    expect(recommended()).toHaveLength(3);
    expect(new Set(recommended().map(bitsOf)).size).toBe(1);
  });

  it('is recommended nothing in mode off, which their own config can be, and nothing after the call', async () => {
    const user = call.others[0]!;
    const own = `${CONFIG}/users/${user.identity}`;
    expect(
      await app.send('PUT', own, { token: user.token, body: { mode: 'off', maxSendBps: null } }),
    ).toMatchObject({ status: 200 });
    await report(4_000_000, { token: user.token });
    expect(recommended()).toEqual([]);
    await app.send('PUT', `${CONFIG}/rooms/${call.roomId}`, {
      token: host.token,
      body: { mode: null, maxSendBps: 70_000 },
    });
    await report(4_000_000);
    expect(recommended().map(bitsOf)).toEqual([32_000]);
  });

  it('may send everything again once the mode became off in the call, and is recommended something once it is not', async () => {
    await report(400_000);
    await setMode('off');
    for (const bandwidth of [800_000, 400_000]) await report(bandwidth);
    expect(recommended().map(bitsOf).at(-1)).toBe(3_000_000);
    await setMode('adaptive');
    await report(150_000);
    expect(recommended().map(bitsOf).at(-1)).toBeLessThanOrEqual(160_000);
  });

  describe('whose network has not changed for minutes', () => {
    /** Reports the same network for so long that no change is followed up any more. */
    const settle = async (bandwidth: number) => {
      for (const afterSeconds of [5, 125]) await report(bandwidth, { afterSeconds });
    };
    /** Bits of the last recommendation after a minute of the same network. */
    const bitsAfterMinute = async (bandwidth: number) => {
      for (let index = 0; index < 6; index++) await report(bandwidth, { afterSeconds: 10 });
      return recommended().map(bitsOf).at(-1);
    };

    it('is still recommended more, until it is all that the network carries', async () => {
      await report(150_000);
      for (let index = 0; index < 5; index++) await report(4_000_000, { afterSeconds: 50 });
      expect(recommended().map(bitsOf).at(-1)).toBe(1_100_000);
    });

    it('is recommended something else within a minute after a config changed', async () => {
      await settle(4_000_000);
      await setMode('aggressive');
      expect(await bitsAfterMinute(4_000_000)).toBe(600_000);
      await setMode('adaptive');
      expect(await bitsAfterMinute(4_000_000)).toBe(1_100_000);
    });

    it.each([
      ['the mode became off', () => setMode('off')],
      ['the plan lost compression', loseCompression],
    ])('may send everything within a minute after %s', async (_, change) => {
      await settle(150_000);
      await change();
      expect(await bitsAfterMinute(150_000)).toBe(3_000_000);
    });
  });

  it('is judged by loss where the browser estimates no bandwidth', async () => {
    await report(undefined, { lost: 25 });
    expect(recommended().map(bitsOf)).toEqual([160_000]);
  });

  it('loses a recommendation while the live room cannot be reached, and gets it with a later report', async () => {
    app.liveRooms.failNext(1);
    await report(4_000_000);
    expect(recommended()).toEqual([]);
    for (let index = 0; index < 4; index++) await report(4_000_000);
    expect(recommended()).toHaveLength(1);
  });
});

describe('what a client did', () => {
  const ticketOf = async (token: string) => {
    const joined = await app.send('POST', `/api/v1/rooms/${call.roomId}/token`, { token, body: {} });
    expect(joined).toMatchObject({ status: 200 });
    return joined.body.realtime.ticket as string;
  };

  it('is stored once, for the participant alone, and shown with the network that it was made for', async () => {
    await report(900_000, { lost: 1 });
    const { recommendationId } = recommended()[0]!.recommendation;
    const other = await ticketOf(call.others[0]!.token);
    const answer = { recommendationId, outcome: 'partly', skipped: ['codec'] };
    await expect(sendFrame(app, other, 'media.followed', answer)).rejects.toMatchObject({
      code: 'compression.recommendation_not_found',
    });
    const ticket = await ticketOf(host.token);
    await sendFrame(app, ticket, 'media.followed', answer);
    await sendFrame(app, ticket, 'media.followed', { ...answer, outcome: 'ignored', skipped: [] });
    const { body } = await get(`metrics?callId=${call.callId}`);
    expect(body.data).toMatchObject([
      {
        id: recommendationId,
        mode: 'adaptive',
        availableBps: 900_000,
        sentBps: 40_000,
        outcome: 'partly',
        skipped: ['codec'],
      },
    ]);
    expect(body.data[0].forecastBps).toBeLessThan(900_000);
    const { sessionId } = body.data[0];
    expect(await get(`sessions/${sessionId}`)).toMatchObject({
      status: 200,
      body: {
        identity: call.host.identity,
        recommendations: 1,
        followed: 0,
        partlyFollowed: 1,
        endedAt: null,
      },
    });
    expect(await get(`sessions/${sessionId}`, call.others[0]!.token)).toMatchObject({ status: 404 });
    expect((await get(`metrics?callId=${call.callId}`, call.others[0]!.token)).body.data).toEqual([]);
  });

  it('is summed up for those who may read analytics', async () => {
    await report(900_000);
    const { body } = await get('performance/summary?hours=1');
    expect(body.recommendations).toBeGreaterThanOrEqual(1);
    expect(body.sessions).toBeGreaterThanOrEqual(1);
    expect(body.meanMaxSendBps).toBeGreaterThan(20_000);
    expect(await get('performance/summary?hours=169')).toMatchObject({ status: 400 });
    expect(await get('performance/summary', call.others[0]!.token)).toMatchObject({ status: 403 });
  });
});

describe('recommendations of more than 90 days ago', () => {
  it('are deleted by one run of the task, however many there are', async () => {
    await report(4_000_000);
    const { body } = await get(`metrics?callId=${call.callId}`);
    const { id, sessionId } = body.data[0];
    await ownerSql(
      `insert into send_recommendations (id, organization_id, session_id, mode, level, max_send_bps, settings, created_at)
       select 'old_' || n || session_id, organization_id, session_id, mode, level, max_send_bps, settings, created_at - interval '91 days'
       from send_recommendations, generate_series(1, 20001) n where id = $1`,
      [id],
    );
    await deleteOldRecommendations(app.services);
    expect((await get(`sessions/${sessionId}`)).body).toMatchObject({ recommendations: 1 });
  });
});
