import { beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { createVideoFile } from '../../support/file-compressions.ts';
import { insertRecording } from '../../support/recordings.ts';
import { insertSendSession } from '../../support/send-sessions.ts';
import { createCall } from '../../insights/quality/support.ts';
import { FakeTasks } from '../../support/media/fake-tasks.ts';

let app: TestApp;
let tasks: FakeTasks;
let ann: Person;

beforeEach(async () => {
  tasks = new FakeTasks();
  app = createTestApp({ compressionTasks: tasks });
  ann = await app.person();
});

/** Compresses a video; the service says what comes of it. */
async function compress(outcome: FakeTasks['outcome'], person = ann): Promise<string> {
  tasks.outcome = outcome;
  const fileId = await createVideoFile(app, person);
  const path = `/api/v1/files/${fileId}/compressions`;
  const { body } = await app.send('POST', path, { token: person.token, body: {} });
  await app.drain();
  for (let round = 0; round < 4; round++) {
    app.clock.advanceSeconds(10);
    await app.fileCompressors.ring();
  }
  await app.drain();
  return body.id as string;
}
const get = (path: string, { token } = ann) => app.send('GET', `/api/v1/aic/${path}`, { token });

/** The call as it is measured after its end, with the scores of its participants in hundredths. */
async function insertScores(
  { callId, roomId, people }: Awaited<ReturnType<typeof createCall>>,
  scores: readonly (number | null)[],
): Promise<void> {
  const now = new Date(app.clock.now()).toISOString();
  const values = [callId, ann.organizationId, now];
  await ownerSql(
    `insert into analytics_calls (call_id, organization_id, started_at, ended_at, type, lost, with_agent, peak_participants, measured_at)
     values ($1, $2, $3, $3, 'audio', false, false, 4, $3)`,
    values,
  );
  for (const [index, mos] of scores.entries())
    await ownerSql(
      `insert into analytics_participations (call_id, organization_id, started_at, participant_id, room_id, kind, connection, cause, mos)
       values ($1, $2, $3, $4, $5, 'user', 'udp', 'healthy', $6)`,
      [...values, people[index]!.participantId, roomId, mos],
    );
}

describe('the performance of encoders', () => {
  it('is counted from what was measured, by encoder and preset; other organizations have none of it', async () => {
    await compress('compressed');
    await compress('kept');
    await compress('refused');
    const old = await compress('compressed');
    await ownerSql(
      `update file_compressions set figures = figures - 'preset' || '{"ssim": 0.99, "cpuSeconds": 80}' where id = $1`,
      [old],
    );
    const { status, body } = await get('models/performance');
    expect(status).toBe(200);
    const figures = { lowestSsim: 0.94, cpuSecondsPerMediaSecond: 3.2 };
    expect(body.data).toMatchObject([
      {
        codec: 'svt-av1',
        ended: 4,
        replaced: 2,
        kept: { notSmaller: 1, qualityNotReached: 0, copyDiffers: 0 },
        failed: 1,
        successRatio: 0.75,
        replacedRatio: 0.5,
        presets: [
          { ...figures, preset: '6', measured: 2, meanSsim: 0.9701, copyRatio: 4.2159, meanCpuSeconds: 40 },
          {
            ...figures,
            preset: null,
            measured: 1,
            meanSsim: 0.99,
            copyRatio: 0.25,
            cpuSecondsPerMediaSecond: 6.4,
          },
        ],
      },
    ]);
    const ben = await app.person();
    expect((await get('models/performance', ben)).body.data).toEqual([]);
  });

  it('leaves out what was cancelled, and says of a compression that failed which encoder was asked', async () => {
    await compress('refused');
    const cancelled = await compress('compressed');
    await ownerSql(
      `update file_compressions set state = 'cancelled', reason = 'requested', copy_bytes = null where id = $1`,
      [cancelled],
    );
    expect((await get('models/performance')).body.data).toMatchObject([
      { codec: 'svt-av1', ended: 1, failed: 1, successRatio: 0, presets: [] },
    ]);
  });
});

describe('what was saved', () => {
  it('is original less copy of files that were replaced, on days of the organization, beside the period before', async () => {
    const path = `/api/v1/organizations/${ann.organizationId}`;
    const settings = { settings: { timeZone: 'Asia/Tokyo' } };
    expect(await app.send('PATCH', path, { token: ann.token, body: settings })).toMatchObject({
      status: 200,
    });
    const [first, before] = [await compress('compressed'), await compress('compressed')];
    await compress('kept');
    // In Tokyo it is the day after; and a moment before the range of this day begins.
    const ended = (id: string, at: string) =>
      ownerSql('update file_compressions set ended_at = $2 where id = $1', [id, at]);
    await ended(first, '2026-01-05T15:30:00Z');
    await ended(before, '2026-01-05T14:59:59Z');
    const query = 'from=2026-01-05T15:00:00Z&to=2026-01-06T15:00:00Z';
    const saved = { files: 1, originalBytes: 11_000, copyBytes: 2_750, savedBytes: 8_250, savedRatio: 0.75 };
    expect((await get(`stats/bandwidth-savings?${query}`)).body).toMatchObject({
      range: { timeZone: 'Asia/Tokyo' },
      current: saved,
      previous: saved,
      data: [{ day: '2026-01-06', ...saved }],
    });
  });

  it('is null as a share where nothing was saved, and of one call only with its id', async () => {
    const { callId } = await createCall(app, ann);
    const nothing = { files: 0, savedBytes: 0, savedRatio: null };
    expect((await get('stats/bandwidth-savings')).body).toMatchObject({ current: nothing, data: [] });
    const id = await compress('compressed');
    const ofCall = async () => (await get(`stats/bandwidth-savings?callId=${callId}`)).body.current.files;
    expect(await ofCall()).toBe(0);
    await ownerSql(
      'update files set call_id = $2 where id = (select file_id from file_compressions where id = $1)',
      [id, callId],
    );
    expect(await ofCall()).toBe(1);
  });

  it('counts recordings beside files, also those of one call', async () => {
    const { callId, roomId } = await createCall(app, ann);
    const { organizationId } = ann;
    const recordingId = await insertRecording(app, { organizationId, roomId, callId, storage: 'product' });
    const [file, recorded] = [await compress('compressed'), await compress('compressed')];
    await ownerSql('update file_compressions set file_id = null, recording_id = $2 where id = $1', [
      recorded,
      recordingId,
    ]);
    const filesOf = async (query = '') => (await get(`stats/bandwidth-savings${query}`)).body.current.files;
    expect([await filesOf(), await filesOf(`?callId=${callId}`)]).toEqual([2, 1]);
    await ownerSql(
      'update files set call_id = $2 where id = (select file_id from file_compressions where id = $1)',
      [file, callId],
    );
    expect(await filesOf(`?callId=${callId}`)).toBe(2);
  });
});

describe('the distribution of quality', () => {
  it('counts copies by SSIM, networks as they were measured, and participations by their score', async () => {
    const call = await createCall(app, ann, 3);
    await insertScores(call, [430, 400, 359, null]);
    for (const ssim of [0.985, 0.98, 0.95, 0.91, 0.85]) {
      const id = await compress('compressed');
      await ownerSql(
        `update file_compressions set figures = jsonb_set(figures, '{ssim}', to_jsonb($2::float8)) where id = $1`,
        [id, ssim],
      );
    }
    const sessionId = await insertSendSession(app, call.host.participantId);
    for (const quality of ['poor', 'good', 'good', null])
      await ownerSql(
        `insert into send_recommendations (id, organization_id, session_id, mode, level, max_send_bps, quality, settings, created_at)
         values ($1, $2, $3, 'adaptive', 1, 1000, $4, '{}', $5)`,
        [
          app.services.ids.create('recommendation'),
          ann.organizationId,
          sessionId,
          quality,
          new Date(app.clock.now()).toISOString(),
        ],
      );
    const { body } = await get('stats/quality-distribution');
    expect(body).toMatchObject({
      copies: { excellent: 2, good: 1, fair: 1, poor: 1, unknown: 0 },
      networks: { excellent: 0, good: 2, fair: 0, poor: 1, unknown: 1 },
      participations: { excellent: 1, good: 1, fair: 0, poor: 1, unknown: 1 },
    });
  });
});

it('needs the permission to read analytics', async () => {
  const member = await app.person({ role: 'member', organizationId: ann.organizationId });
  for (const path of ['models/performance', 'stats/bandwidth-savings', 'stats/quality-distribution'])
    expect((await get(path, member)).status).toBe(403);
});
