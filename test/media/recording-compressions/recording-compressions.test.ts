import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CompressionTasks } from '../../../src/media/compression/index.ts';
import { sweepObjects } from '../../../src/media/recording-sweeps/sweep-recordings.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { createVideo } from '../../support/file-compressions.ts';
import { FakeTasks } from '../../support/media/fake-tasks.ts';
import { createRecordableRoom, insertRecording } from '../../support/recordings.ts';
import { ownerSql } from '../../contract/sql.ts';

const SIZE = 11_000;
const COPY_SIZE = SIZE / 4;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let app: TestApp;
let tasks: FakeTasks;
let owner: Person;
let room: Awaited<ReturnType<typeof createRecordableRoom>>;
let id: string;

const send = (method: string, path = '', body?: unknown, { token } = owner) =>
  app.send(method, `/api/v1/rooms/${room.roomId}/recordings/${id}${path}`, {
    token,
    ...(body === undefined ? {} : { body }),
  });

/** A recording that is ready, of bytes that can be compressed. */
async function store(row: { storage?: 'bucket' | 'product'; objectKey?: string } = {}): Promise<string> {
  const { organizationId, roomId, callId, bucketId } = room;
  const { storage = 'product' } = row;
  const where = storage === 'product' ? { storedBytes: SIZE } : { bucketId };
  const bytes = createVideo(SIZE);
  const made = await insertRecording(app, {
    organizationId,
    roomId,
    callId,
    storage,
    ...where,
    ...row,
    sizeBytes: SIZE,
    checksum: sha256(bytes),
  });
  const [key] = keys().filter((each) => each.includes(made));
  if (key) {
    await app.objects.put(key, bytes, { contentType: 'video/mp4' });
    const { etag } = (await app.objects.head(key))!;
    await ownerSql('update recordings set etag = $2 where id = $1', [made, etag]);
  }
  return made;
}

beforeEach(async () => {
  tasks = new FakeTasks();
  const compressionTasks = new Proxy({} as CompressionTasks, {
    get: (_, name: keyof CompressionTasks) => tasks[name].bind(tasks),
  });
  app = createTestApp({ compressionTasks });
  owner = await app.person();
  room = await createRecordableRoom(app, owner);
  id = await store();
});

const compress = async (body = {}) => {
  const answer = await send('POST', '/compressions', body);
  expect(answer).toMatchObject({ status: 202, body: { recordingId: id, state: 'requested' } });
  await app.drain();
  return answer.body.id as string;
};
const ring = async () => {
  app.clock.advanceSeconds(10);
  await app.fileCompressors.ring();
};
async function work(seconds = 60): Promise<void> {
  for (let left = seconds; left > 0; left -= 10) await ring();
  await app.drain();
}
const keys = () => [...app.objects.texts().keys()].filter((key) => key.startsWith('recordings/'));
const storedBytes = async () => {
  const sql = 'select size_bytes from storage_totals where organization_id = $1';
  return Number((await ownerSql(sql, [owner.organizationId]))[0]!.size_bytes);
};
const used = async () =>
  ownerSql<{ quantity: string; dimensions: unknown }>(
    `select quantity, dimensions from usage_events where organization_id = $1 and meter = 'compression_minutes' and quantity > 0`,
    [owner.organizationId],
  );
const rowOf = async (compressionId: string) =>
  (await ownerSql('select state, reason from file_compressions where id = $1', [compressionId]))[0];
const stateOf = async () => (await ownerSql('select state from recordings where id = $1', [id]))[0]!.state;

/** A compression whose copy is made, and not fetched yet. */
async function startAndCopy(): Promise<string> {
  const compressionId = await compress();
  for (let step = 0; step < 3; step++) await ring();
  expect(await stateOf()).toBe('compressing');
  return compressionId;
}

describe('a compression of a recording', () => {
  it('is as the config of its room says, else that of the organization, where nothing is asked', async () => {
    const config = (path: string, body: object) =>
      app.send('PATCH', `/api/v1/aic/config${path}`, { token: owner.token, body });
    await config('', { codec: 'h264', minSsim: 0.9 });
    await config(`/rooms/${room.roomId}`, { minSsim: 0.98 });
    await config(`/users/${owner.userId}`, { minSsim: 0.85 });
    await compress();
    await work();
    expect(tasks.started).toMatchObject([{ settings: { codec: 'h264', minSsim: 0.98 } }]);
    expect(await send('POST', '/compressions', { pictureFormat: 'webp' })).toMatchObject({ status: 400 });
  });

  it('has a proven copy take the place of the bytes; storage, checksum, download and the minutes follow', async () => {
    const [source] = keys();
    const compressionId = await compress({ codec: 'h264', minSsim: 0.97 });
    expect((await send('GET')).body).toMatchObject({ state: 'compressing', sizeBytes: SIZE });
    expect(await send('GET', '/download')).toMatchObject({ status: 200 });
    await work();
    expect(tasks.started).toMatchObject([
      { settings: { kind: 'video', codec: 'h264', minSsim: 0.97 }, checksum: sha256(createVideo(SIZE)) },
    ]);
    const copy = createVideo(SIZE).slice(0, COPY_SIZE);
    expect((await send('GET')).body).toMatchObject({
      state: 'ready',
      sizeBytes: COPY_SIZE,
      checksum: sha256(copy),
      durationSeconds: 60,
    });
    expect((await send('GET', `/compressions/${compressionId}`)).body).toMatchObject({
      state: 'ready',
      originalBytes: SIZE,
      copyBytes: COPY_SIZE,
      measurement: { ssim: 0.9701 },
    });
    expect(await storedBytes()).toBe(COPY_SIZE);
    const { roomId, callId } = (await send('GET')).body;
    expect(await used()).toEqual([
      { quantity: '12500', dimensions: { recording: id, codec: 'h264', room: roomId, call: callId } },
    ]);
    const { url } = (await send('GET', '/download')).body;
    const bytes = await app.send('GET', new URL(url).pathname);
    expect([bytes.headers.get('content-length'), bytes.headers.get('content-type')]).toEqual([
      String(COPY_SIZE),
      'video/mp4',
    ]);
    expect(keys()).toHaveLength(2);
    app.clock.advanceSeconds(3_600);
    await app.fileCompressors.ring();
    expect(keys()).toEqual([source!.replace('.mp4', `.${compressionId}.mp4`)]);
    expect(tasks.size).toBe(0);
  });

  it('that wins nothing keeps the bytes, and the recording is ready again', async () => {
    tasks.outcome = 'kept';
    const compressionId = await compress();
    await work();
    expect(await rowOf(compressionId)).toMatchObject({ state: 'kept' });
    expect((await send('GET')).body).toMatchObject({ state: 'ready', sizeBytes: SIZE });
    expect([keys().length, tasks.size]).toEqual([1, 0]);
  });

  it('is cancelled, and leaves the recording as it was', async () => {
    const compressionId = await startAndCopy();
    const cancel = () => send('POST', `/compressions/${compressionId}/cancel`, {});
    expect(await cancel()).toMatchObject({ status: 200, body: { state: 'cancelled', reason: 'requested' } });
    expect(await cancel()).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    await work();
    expect((await send('GET')).body).toMatchObject({ state: 'ready', sizeBytes: SIZE });
    expect([keys().length, tasks.size]).toEqual([1, 0]);
  });

  it('is refused for one in a bucket, one without a picture, one that is held, and one that is compressed or in work', async () => {
    const refused = async (code: string) =>
      expect(await send('POST', '/compressions', {})).toMatchObject({ status: 409, body: { code } });
    const first = id;
    id = await store({ storage: 'bucket' });
    await refused('recording_compressions.in_bucket');
    id = await store({ objectKey: `recordings/${owner.organizationId}/${room.callId}/sound.ogg` });
    await refused('recording_compressions.not_compressible');
    id = await store();
    await send('PUT', '/hold', { reason: 'Claim' });
    await refused('recordings.held');
    id = first;
    await compress();
    await refused('file_compressions.already_running');
    await work();
    await refused('recording_compressions.already_compressed');
  });

  it('is for moderators', async () => {
    const member = await app.person({ role: 'member', organizationId: owner.organizationId });
    expect(await send('POST', '/compressions', {}, member)).toMatchObject({ status: 403 });
    expect(await send('GET', '/compressions', undefined, member)).toMatchObject({ status: 403 });
  });

  it('that runs when the plan loses recordings ends as usual', async () => {
    const compressionId = await startAndCopy();
    const path = `/api/v1/operator/organizations/${owner.organizationId}/entitlement-grants`;
    const body = { kind: 'feature', name: 'recordings', value: 0, reason: 'Test' };
    expect((await app.send('POST', path, { token: app.operator, body })).status).toBe(201);
    await work();
    expect(await rowOf(compressionId)).toMatchObject({ state: 'ready' });
    expect(await used()).toHaveLength(1);
  });
});

describe('a recording', () => {
  /** Somebody does something at the moment in which the copy is there. */
  const actWhileCopied = async (act: () => Promise<unknown>) => {
    const compressionId = await startAndCopy();
    let done: Promise<unknown> | undefined;
    tasks.onCall = (call) => {
      if (call === 'readCopy') done ??= act();
      return done;
    };
    return compressionId;
  };

  it.each(['while its compression runs', 'at the moment in which its copy is there'])(
    'that is held %s is not replaced',
    async (moment) => {
      const hold = async () =>
        expect(await send('PUT', '/hold', { reason: 'Claim' })).toMatchObject({ status: 200 });
      const compressionId = moment.startsWith('at') ? await actWhileCopied(hold) : await startAndCopy();
      if (moment.startsWith('while')) await hold();
      await work();
      expect(await rowOf(compressionId)).toEqual({ state: 'cancelled', reason: 'held' });
      expect((await send('GET')).body).toMatchObject({ state: 'held', sizeBytes: SIZE });
      expect([keys().length, tasks.size]).toEqual([1, 0]);
    },
  );

  it.each(['while its compression runs', 'at the moment in which its copy is there'])(
    'that is deleted %s leaves nothing',
    async (moment) => {
      const remove = async () => {
        expect(await send('DELETE')).toMatchObject({ status: 204 });
        await app.drain();
      };
      const compressionId = moment.startsWith('at') ? await actWhileCopied(remove) : await startAndCopy();
      if (moment.startsWith('while')) await remove();
      await work();
      expect(await rowOf(compressionId)).toEqual({ state: 'cancelled', reason: 'file_gone' });
      expect([await stateOf(), keys(), tasks.size, await storedBytes()]).toEqual(['deleted', [], 0, 0]);
    },
  );

  it('that is deleted within the hour after it was replaced leaves nothing', async () => {
    await compress();
    await work();
    await send('DELETE');
    await app.drain();
    await work(3_700);
    expect(keys()).toEqual([]);
  });

  it('that expires while its compression runs expires', async () => {
    const compressionId = await startAndCopy();
    await ownerSql('update recordings set expires_at = $2 where id = $1', [id, new Date(app.clock.now())]);
    await sweepObjects(app.services);
    await sweepObjects(app.services);
    await work();
    expect(await rowOf(compressionId)).toEqual({ state: 'cancelled', reason: 'file_gone' });
    expect([await stateOf(), keys()]).toEqual(['expired', []]);
  });

  it('of an organization that has set it is compressed once it is ready, and once only', async () => {
    await ownerSql(
      `update organizations set settings = settings || '{"compressRecordings": true}' where id = $1`,
      [owner.organizationId],
    );
    tasks.outcome = 'kept';
    // A hold and its release bring it to `ready` again.
    for (let time = 0; time < 2; time++) {
      await send('PUT', '/hold', { reason: 'Claim' });
      await send('DELETE', '/hold');
      await app.drain();
      await work();
    }
    const { data } = (await send('GET', '/compressions')).body;
    expect(data).toMatchObject([{ state: 'kept', requestedBy: null }]);
  });
});

/** Each commit of the product with this number fails, before the database has it or after. */
function killAtCommit(number: number, when: 'before' | 'after') {
  const { database } = app.services;
  const { commit } = database;
  let count = 0;
  database.commit = async (...values: Parameters<typeof commit>) => {
    const isKilled = ++count === number;
    if (isKilled && when === 'before') throw new Error('killed');
    const outcome = await commit.call(database, ...values);
    if (isKilled) throw new Error('killed');
    return outcome;
  };
  return () => {
    database.commit = commit;
    return count >= number;
  };
}

it.each(['before', 'after'] as const)(
  'a process that is killed %s any commit of a compression loses no recording, and repeats nothing',
  async (when) => {
    for (let step = 1; step <= 2; step++) {
      id = await store();
      const { body } = await send('POST', '/compressions', {});
      const wasKilled = killAtCommit(step, when);
      for (let run = 0; run < 12; run++) {
        app.clock.advanceSeconds(20);
        await app.drain().catch(() => undefined);
        await app.fileCompressors.ring().catch(() => undefined);
      }
      expect([step, wasKilled()]).toEqual([step, true]);
      expect([step, await rowOf(body.id)]).toMatchObject([step, { state: 'ready' }]);
      expect(await stateOf()).toBe('ready');
      expect(tasks.started.filter(({ taskId }) => taskId === body.id)).toHaveLength(1);
      const changes = await ownerSql<{ action: string }>(
        `select action from audit_logs where target_id = $1 and action like 'recording.compression%' order by seq`,
        [id],
      );
      expect(changes.map(({ action }) => action)).toEqual([
        'recording.compression_requested',
        'recording.compression_ready',
      ]);
    }
  },
);
