import { beforeEach, describe, expect, it } from 'vitest';
import type { CompressionTasks } from '../../../src/media/compression/index.ts';
import { sweepCompressions } from '../../../src/media/file-compressions/sweep-compressions.ts';
import { sweepFiles } from '../../../src/media/file-erasure/sweep-files.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { createVideo } from '../../support/file-compressions.ts';
import { uploadFile } from '../../support/files.ts';
import { FakeTasks } from '../../support/media/fake-tasks.ts';

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52];
const SIZE = 11_000;
/** Two parts and most of a third. */
const COPY_SIZE = SIZE / 4;
const contentOf = (head: readonly number[]) =>
  Uint8Array.from({ length: SIZE }, (_, at) => head[at] ?? 32 + (at % 90));
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

let app: TestApp;
let tasks: FakeTasks;
let ann: Person;
let ben: Person;

beforeEach(async () => {
  tasks = new FakeTasks();
  const compressionTasks = new Proxy({} as CompressionTasks, {
    get: (_, name: keyof CompressionTasks) => tasks[name].bind(tasks),
  });
  app = createTestApp({ compressionTasks });
  ann = await app.person();
  ben = await app.person({ role: 'member', organizationId: ann.organizationId });
});

async function upload(name = 'Call.MOV', content = createVideo(SIZE)): Promise<string> {
  const { body } = await uploadFile(app, ann.token, { content, name, query: { access: 'organization' } });
  await app.drain();
  return body.id as string;
}
const send = (method: string, path: string, { token } = ann, body?: unknown) =>
  app.send(method, `/api/v1/files/${path}`, { token, ...(body === undefined ? {} : { body }) });
/** By the row, because the clock of a test may run past the life of a token. */
const getFile = async (id: string) =>
  (
    await ownerSql('select name, content_type, size_bytes::int, checksum, version from files where id = $1', [
      id,
    ])
  )[0] as Record<string, unknown>;
const compress = async (fileId: string, body = {}) => {
  const answer = await send('POST', `${fileId}/compressions`, ann, body);
  expect(answer).toMatchObject({ status: 202 });
  await app.drain();
  return answer.body.id as string;
};
/** Rings all alarms of some seconds. */
async function work(seconds = 60): Promise<void> {
  for (let left = seconds; left > 0; left -= 10) {
    app.clock.advanceSeconds(10);
    await app.fileCompressors.ring();
  }
  await app.drain();
}
const rowOf = async (compressionId: string) =>
  (await ownerSql('select * from file_compressions where id = $1', [compressionId]))[0] as Record<
    string,
    unknown
  >;
const storedBytes = async () =>
  Number(
    (
      await ownerSql('select size_bytes from storage_totals where organization_id = $1', [ann.organizationId])
    )[0]!.size_bytes,
  );
const keys = () => [...app.objects.texts().keys()].filter((key) => key.includes(ann.organizationId));

describe('a compression', () => {
  it('has a copy take the place of the bytes, and the storage of the organization follows', async () => {
    const id = await upload();
    const before = await getFile(id);
    const compressionId = await compress(id, { codec: 'h264', minSsim: 0.97 });
    await work();
    expect(tasks.started[0]).toMatchObject({
      settings: { kind: 'video', codec: 'h264', container: 'mp4', minSsim: 0.97 },
      checksum: before.checksum,
    });
    expect((await send('GET', `${id}/compressions/${compressionId}`)).body).toMatchObject({
      state: 'ready',
      reason: null,
      progress: 100,
      originalBytes: SIZE,
      copyBytes: COPY_SIZE,
      measurement: { ssim: 0.9701, durationSeconds: 12.5 },
      requestedBy: ann.userId,
    });
    const after = await getFile(id);
    expect(after).toMatchObject({ size_bytes: COPY_SIZE, name: 'Call.mp4', content_type: 'video/mp4' });
    expect(after.checksum).not.toBe(before.checksum);
    expect(await storedBytes()).toBe(COPY_SIZE);
    const content = await send('GET', `${id}/content`);
    expect([content.headers.get('etag'), content.body]).toEqual([
      `"${id}.${compressionId}"`,
      text(createVideo(SIZE).slice(0, COPY_SIZE)),
    ]);
    const stale = await app.send('GET', `/api/v1/files/${id}/content`, {
      token: ann.token,
      headers: { 'if-none-match': `"${id}"` },
    });
    expect(stale.status).toBe(200);
  });

  it('leaves the replaced bytes for an hour, for downloads under way, and nothing at the service', async () => {
    const id = await upload();
    const compressionId = await compress(id);
    await work();
    const [original, copy] = [
      `files/${ann.organizationId}/${id}`,
      `files/${ann.organizationId}/${id}.${compressionId}`,
    ];
    expect([tasks.size, keys().sort()]).toEqual([0, [original, copy]]);
    app.clock.advanceSeconds(3_600);
    await app.fileCompressors.ring();
    expect([keys(), app.fileCompressors.has(compressionId)]).toEqual([[copy], false]);
    expect(app.fileCompressors.openParts()).toBe(0);
  });

  it('is as the config says of the user who uploaded the file, else of the organization, where nothing is asked', async () => {
    const config = (path: string, body: object) =>
      app.send('PATCH', `/api/v1/aic/config${path}`, { token: ann.token, body });
    await config('', { codec: 'h264', minSsim: 0.9 });
    await config(`/users/${ann.userId}`, { minSsim: 0.98 });
    await config(`/users/${ben.userId}`, { minSsim: 0.85 });
    const settingsOf = async (body: object) => (await rowOf(await compress(await upload(), body))).settings;
    expect(await settingsOf({})).toMatchObject({ codec: 'h264', minSsim: 0.98 });
    expect(await settingsOf({ codec: 'av1', minSsim: 0.97 })).toMatchObject({ codec: 'av1', minSsim: 0.97 });
  });

  it.each([
    [{}, 'avif'],
    [{ pictureFormat: 'webp' }, 'webp'],
  ] as const)('asked for with %j makes %s of a picture', async (input, format) => {
    const id = await upload('photo.png', contentOf(PNG));
    const compressionId = await compress(id, input);
    await work();
    expect(await getFile(id)).toMatchObject({ name: `photo.${format}`, content_type: `image/${format}` });
    const { body } = await send('GET', `${id}/compressions/${compressionId}`);
    expect(body).toMatchObject({ pictureFormat: format, codec: null, copyType: `image/${format}` });
    const usage = await ownerSql('select dimensions from usage_events where key = $1', [compressionId]);
    expect(usage).toMatchObject([{ dimensions: { codec: format } }]);
  });

  it.each([
    ['compressed', 1],
    ['kept', 1],
    ['refused', 0],
  ] as const)('of a picture that ends as %s counts %i pictures and no minutes', async (outcome, quantity) => {
    tasks.outcome = outcome;
    const compressionId = await compress(await upload('photo.png', contentOf(PNG)));
    await work();
    const usage = await ownerSql('select meter, quantity::int from usage_events where key = $1', [
      compressionId,
    ]);
    expect(usage).toEqual([{ meter: 'compressed_pictures', quantity }]);
  });

  it.each([
    ['kept', { state: 'kept', reason: 'not_smaller', detail: 'no copy is smaller' }],
    ['refused', { state: 'failed', reason: 'refused', detail: 'it does not work' }],
    ['too_long', { state: 'failed', reason: 'too_long' }],
    ['exhausted', { state: 'failed', reason: 'given_up', attempts: 5 }],
  ] as const)('that the service ends as %s leaves the file as it is', async (outcome, expected) => {
    tasks.outcome = outcome;
    const id = await upload();
    const before = await getFile(id);
    const compressionId = await compress(id);
    await work(300);
    expect(await rowOf(compressionId)).toMatchObject(expected);
    expect([await getFile(id), await storedBytes(), keys().length, tasks.size]).toEqual([before, SIZE, 1, 0]);
    expect(app.fileCompressors.has(compressionId)).toBe(false);
  });

  it('counts the minutes that were encoded, and is in the audit log', async () => {
    const id = await upload();
    const compressionId = await compress(id);
    await work();
    const [usage] = await ownerSql('select meter, quantity from usage_events where key = $1', [
      compressionId,
    ]);
    expect([usage?.meter, Number(usage?.quantity)]).toEqual(['compression_minutes', 12_500]);
    const entries = await ownerSql(
      `select action from audit_logs where organization_id = $1 and action like 'file.compression%' order by id`,
      [ann.organizationId],
    );
    expect(entries.map(({ action }) => action)).toEqual([
      'file.compression_requested',
      'file.compression_ready',
    ]);
  });
});

describe('a compression is refused', () => {
  it.each([
    ['a small file', 'notes.mp4', createVideo(9_000), 'file_compressions.not_compressible'],
    ['another type', 'notes.txt', contentOf([32]), 'file_compressions.not_compressible'],
  ])('of %s', async (_which, name, content, code) => {
    const id = await upload(name, content);
    expect((await send('POST', `${id}/compressions`, ann, {})).body.code).toBe(code);
  });

  it('of a file in work, of one that is compressed, and by people who may only read it', async () => {
    const id = await upload();
    await compress(id);
    const again = () => send('POST', `${id}/compressions`, ann, {});
    expect((await again()).body.code).toBe('file_compressions.already_running');
    expect((await send('POST', `${id}/compressions`, ben, {})).body.code).toBe('files.not_found');
    expect((await send('GET', `${id}/compressions`, ben)).body.code).toBe('files.not_found');
    await work();
    expect((await again()).body.code).toBe('file_compressions.already_compressed');
    expect((await send('GET', `${id}/compressions`)).body.data).toHaveLength(1);
  });

  it('of one file by two requests at once: one begins', async () => {
    const id = await upload();
    const answers = await Promise.all([1, 2, 3].map(() => send('POST', `${id}/compressions`, ann, {})));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409, 409]);
  });
});

describe('a setting of the organization', () => {
  it('compresses files once they have been scanned, each once', async () => {
    await ownerSql(
      `update organizations set settings = settings || '{"compressFiles": true}' where id = $1`,
      [ann.organizationId],
    );
    const [id, small] = [await upload(), await upload('small.mp4', createVideo(500))];
    await work();
    expect(await getFile(id)).toMatchObject({ size_bytes: COPY_SIZE });
    expect((await send('GET', `${id}/compressions`)).body.data).toMatchObject([{ requestedBy: null }]);
    expect((await send('GET', `${small}/compressions`)).body.data).toEqual([]);
  });
});

describe('a compression that is cancelled', () => {
  it.each(['requested', 'running', 'verifying'])('while it is %s leaves the file as it is', async (state) => {
    const id = await upload();
    const compressionId = await compress(id);
    const reach = async () => (await rowOf(compressionId)).state === state;
    for (let seconds = 0; !(await reach()) && seconds < 60; seconds += 10) {
      app.clock.advanceSeconds(10);
      await app.fileCompressors.ring();
    }
    const { body } = await send('POST', `${id}/compressions/${compressionId}/cancel`);
    expect(body).toMatchObject({ state: 'cancelled', reason: 'requested' });
    await app.drain();
    await work();
    expect([(await getFile(id)).size_bytes, keys().length, tasks.size]).toEqual([SIZE, 1, 0]);
    expect([app.fileCompressors.has(compressionId), app.fileCompressors.openParts()]).toEqual([false, 0]);
  });

  it('at the moment in which its copy is there is either cancelled or ready, and never both', async () => {
    const id = await upload();
    const compressionId = await compress(id);
    let cancelled: Promise<unknown> | undefined;
    tasks.onCall = (call) => {
      if (call === 'readCopy') cancelled ??= send('POST', `${id}/compressions/${compressionId}/cancel`);
      return cancelled;
    };
    await work();
    const { state } = await rowOf(compressionId);
    expect([state, (await getFile(id)).size_bytes, keys().length]).toEqual(['cancelled', SIZE, 1]);
  });

  it('after its end stays as it is', async () => {
    const id = await upload();
    const compressionId = await compress(id);
    await work();
    expect((await send('POST', `${id}/compressions/${compressionId}/cancel`)).body.state).toBe('ready');
  });
});

describe('a file', () => {
  const startAndCopy = async () => {
    const id = await upload();
    const compressionId = await compress(id);
    app.clock.advanceSeconds(10);
    await app.fileCompressors.ring();
    return { id, compressionId };
  };

  it('that is deleted while its compression runs keeps its bytes, and can be restored', async () => {
    const { id, compressionId } = await startAndCopy();
    await send('DELETE', id);
    await work();
    expect(await rowOf(compressionId)).toMatchObject({ state: 'cancelled', reason: 'file_gone' });
    expect((await send('POST', `${id}/restore`)).body.sizeBytes).toBe(SIZE);
  });

  it('that is deleted at the moment in which its copy is there is not replaced', async () => {
    const { id, compressionId } = await startAndCopy();
    let deleted: Promise<unknown> | undefined;
    tasks.onCall = (call) => {
      if (call === 'readCopy') deleted ??= send('DELETE', id);
      return deleted;
    };
    await work();
    expect(await rowOf(compressionId)).toMatchObject({ state: 'cancelled', reason: 'file_gone' });
    expect([keys().length, tasks.size]).toEqual([1, 0]);
  });

  it.each(['while its compression runs', 'after its bytes were replaced'])(
    'that is erased %s leaves nothing, neither here nor at the service',
    async (moment) => {
      const { id, compressionId } = await startAndCopy();
      if (moment.startsWith('after')) await work();
      await send('DELETE', `${id}?permanently=true`);
      await work(3_700);
      expect([keys(), tasks.size, app.fileCompressors.has(compressionId)]).toEqual([[], 0, false]);
    },
  );

  it('that expires while its compression runs is not replaced', async () => {
    const { id, compressionId } = await startAndCopy();
    await ownerSql('update files set expires_at = $2 where id = $1', [id, new Date(app.clock.now())]);
    await app.fileCompressors.ring();
    app.clock.advanceSeconds(10);
    await app.fileCompressors.ring();
    expect(await rowOf(compressionId)).toMatchObject({ state: 'cancelled', reason: 'file_gone' });
    await sweepFiles(app.services);
    expect(keys()).toEqual([]);
  });

  it('of a deleted organization is not replaced', async () => {
    const { compressionId } = await startAndCopy();
    await ownerSql('update organizations set deleted_at = now() where id = $1', [ann.organizationId]);
    await work();
    expect(await rowOf(compressionId)).toMatchObject({ state: 'cancelled', reason: 'organization_deleted' });
  });
});

describe('a service', () => {
  it('that is away lets the compression wait, and everything else works', async () => {
    const id = await upload();
    tasks.isDown = true;
    const compressionId = await compress(id);
    await work(120);
    expect([(await rowOf(compressionId)).state, (await getFile(id)).size_bytes]).toEqual(['requested', SIZE]);
    tasks.isDown = false;
    await work(600);
    expect((await rowOf(compressionId)).state).toBe('ready');
  });

  it('that stays away for a day fails the compression', async () => {
    const id = await upload();
    tasks.isDown = true;
    const compressionId = await compress(id);
    await work(10);
    app.clock.advanceSeconds(86_400);
    await work(10);
    expect(await rowOf(compressionId)).toMatchObject({ state: 'failed', reason: 'service_unavailable' });
  });

  it('that is started again in the middle works once more, and progress does not go back', async () => {
    const id = await upload();
    const compressionId = await compress(id);
    await work(20);
    const before = (await rowOf(compressionId)).progress as number;
    tasks.restart();
    app.clock.advanceSeconds(10);
    await app.fileCompressors.ring();
    const { progress, attempts } = await rowOf(compressionId);
    expect([attempts, (progress as number) >= before, before > 5]).toEqual([2, true, true]);
    await work();
    expect((await rowOf(compressionId)).state).toBe('ready');
  });
});

describe('a compression whose object dies', () => {
  /** Each call to the service and to object storage ends the first run that comes to it, before the call or after it was done. */
  function dieAtEachCall(moment: 'before' | 'after') {
    const deaths = new Set<string>();
    const done = new Map<string, number>();
    const guard = <T extends object>(target: T): T =>
      new Proxy(target, {
        get(object, name: string) {
          const value: unknown = Reflect.get(object, name);
          if (typeof value !== 'function') return value;
          return async (...values: unknown[]) => {
            const count = done.get(name) ?? 0;
            const dies = !deaths.has(`${name} ${count}`);
            deaths.add(`${name} ${count}`);
            if (dies && moment === 'before') throw new Error('the object died');
            const answer: unknown = await value.apply(object, values);
            if (dies) throw new Error('the object died');
            done.set(name, count + 1);
            return answer;
          };
        },
      });
    return { guard, deaths };
  }

  it.each(['before', 'after'] as const)(
    '%s each of its calls loses nothing and repeats nothing',
    async (moment) => {
      const id = await upload();
      const [service, { store }] = [tasks, app.fileCompressors];
      const { guard, deaths } = dieAtEachCall(moment);
      tasks = guard(service);
      app.fileCompressors.store = guard(store);
      const compressionId = await compress(id);
      for (let run = 0; run < 60; run++) {
        app.clock.advanceSeconds(300);
        await app.fileCompressors.ring();
      }
      app.fileCompressors.store = store;
      await app.drain();
      expect([(await rowOf(compressionId)).state, (await getFile(id)).size_bytes]).toEqual([
        'ready',
        COPY_SIZE,
      ]);
      expect([service.started.length, service.size, keys().length]).toEqual([1, 0, 1]);
      expect(app.fileCompressors.has(compressionId)).toBe(false);
      expect(deaths.size).toBeGreaterThan(15);
      // Object storage began an upload, and its answer was lost: a rule of the bucket ends it.
      expect(app.fileCompressors.openParts()).toBe(moment === 'after' ? 1 : 0);
      const events = await ownerSql(
        `select count(*)::int from outbox where type = 'compression.finished' and payload ->> 'compressionId' = $1`,
        [compressionId],
      );
      expect(events[0]!.count).toBe(1);
    },
  );

  it('and whose alarm is lost is woken by the sweep', async () => {
    const id = await upload();
    const answer = await send('POST', `${id}/compressions`, ann, {});
    app.clock.advanceSeconds(1_000);
    await sweepCompressions(app.services);
    await work();
    expect((await rowOf(answer.body.id as string)).state).toBe('ready');
  });
});
