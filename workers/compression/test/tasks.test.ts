import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, Code } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AICObjectService,
  ImageFormat,
  ObjectOutcome,
  TaskFailureKind,
  type TaskState,
} from '../generated/auralink/aic/v1/objects_pb.js';
import { makeRecording, SECRET, type Service, startService } from './kit.ts';
import { writePhotograph } from './media-files.ts';

let folder: string;
let media: string;
let work: string;
let service: Service;
let client: Client<typeof AICObjectService>;
let photo: Buffer;
let call: Buffer;

beforeAll(async () => {
  [folder, media, work] = (await Promise.all(
    ['objects', 'media', 'work'].map((name) => mkdtemp(join(tmpdir(), `auralink-${name}-`))),
  )) as [string, string, string];
  service = await startService({
    COMPRESSION_OBJECT_FOLDER: folder,
    COMPRESSION_WORK_FOLDER: work,
    COMPRESSION_MAX_OBJECT_MIB: '8',
    COMPRESSION_TASK_OWNER_SECONDS: '2',
  });
  client = service.client(AICObjectService);
  await writePhotograph(join(media, 'photo.jpg'));
  await makeRecording(join(media, 'call.mp4'));
  photo = await readFile(join(media, 'photo.jpg'));
  call = await readFile(join(media, 'call.mp4'));
});
afterAll(async () => {
  await service.stop();
  for (const each of [folder, media, work]) await rm(each, { recursive: true, force: true });
});

const ask = (method: string, name: string, headers: Record<string, string> = {}, body?: Buffer) =>
  fetch(`${service.url}/objects/${name}`, {
    method,
    headers: { authorization: `Bearer ${SECRET}`, ...headers },
    ...(body ? { body: new Uint8Array(body) } : {}),
  });
const put = (name: string, bytes: Buffer) => ask('PUT', name, {}, bytes);
const putPiece = (name: string, bytes: Buffer, from: number, to: number) =>
  ask('PUT', name, { 'content-range': `bytes ${from}-${to - 1}/${bytes.length}` }, bytes.subarray(from, to));
const at = (value: string) => ({ place: { case: 'path' as const, value } });
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const startImage = (taskId: string, more: object = {}) =>
  client.startTask({
    taskId,
    input: at(`${taskId}.source`),
    output: at(`${taskId}.copy`),
    settings: { case: 'image', value: { format: ImageFormat.AVIF, minSsim: 0.95 } },
    ...more,
  });
async function waitForEnd(taskId: string): Promise<TaskState['state']> {
  let state: TaskState['state'] = { case: undefined };
  const isOver = async () => {
    ({ state } = await client.getTask({ taskId }));
    return state.case !== 'progress';
  };
  await expect.poll(isOver, { timeout: 20_000 }).toBe(true);
  return state;
}

describe('a task', () => {
  it('continues after the call that started it, keeps its result until it is ended, and is started once', async () => {
    await put('a.source', photo);
    const started = await startImage('a', { inputSha256: sha256(photo) });
    expect(started.state.case).toBe('progress');
    expect((await startImage('a')).state.case).toBe('progress');
    const state = await waitForEnd('a');
    const copy = await readFile(join(folder, 'a.copy'));
    expect(state).toMatchObject({
      case: 'result',
      value: { outcome: ObjectOutcome.COMPRESSED, sha256: sha256(copy), originalBytes: BigInt(photo.length) },
    });
    expect((await startImage('a')).state).toEqual(state);
    await client.endTask({ taskId: 'a' });
    await expect(client.getTask({ taskId: 'a' })).rejects.toMatchObject({ code: Code.NotFound });
    await client.endTask({ taskId: 'a' });
  });

  it('that is ended stops its work and writes nothing', async () => {
    await put('b.source', call);
    const settings = { case: 'video' as const, value: { minSsim: 0.95, preset: 4 } };
    await startImage('b', { settings });
    await expect.poll(() => readdir(work)).not.toEqual([]);
    await client.endTask({ taskId: 'b' });
    expect([await readdir(work), (await readdir(folder)).includes('b.copy')]).toEqual([[], false]);
  });

  it('that is ended at once, while it reads its input, does not begin to work', async () => {
    await put('b.source', call);
    const settings = { case: 'video' as const, value: { minSsim: 0.95, preset: 4 } };
    await startImage('b', { settings });
    await client.endTask({ taskId: 'b' });
    expect([await readdir(work), (await readdir(folder)).includes('b.copy')]).toEqual([[], false]);
  });

  it('that nobody asks for is ended', async () => {
    await put('c.source', call);
    const settings = { case: 'video' as const, value: { minSsim: 0.95, preset: 4 } };
    await startImage('c', { settings });
    await expect.poll(() => readdir(work)).not.toEqual([]);
    // Asking keeps it for two seconds more, also when it is done: between two questions it has to end.
    const isThere = () =>
      client.getTask({ taskId: 'c' }).then(
        () => true,
        (error: { code: Code }) => error.code !== Code.NotFound,
      );
    await expect.poll(isThere, { timeout: 20_000, interval: 4_000 }).toBe(false);
    expect(await readdir(work)).toEqual([]);
  });

  it.each([
    ['whose input has another SHA-256', { inputSha256: 'f'.repeat(64) }, TaskFailureKind.INPUT_DIFFERS],
    [
      'of another kind of content',
      { settings: { case: 'video' as const, value: {} } },
      TaskFailureKind.REFUSED,
    ],
  ])('%s fails with its kind', async (_which, more, kind) => {
    await put('d.source', photo);
    await startImage('d', more);
    expect(await waitForEnd('d')).toMatchObject({ case: 'failure', value: { kind } });
    await client.endTask({ taskId: 'd' });
  });

  it.each(['', 'a/b', 'x'.repeat(65)])('has no id like "%s"', (taskId) =>
    expect(startImage(taskId)).rejects.toMatchObject({ code: Code.InvalidArgument }),
  );
});

describe('an object in pieces', () => {
  it('is continued where it stands, and is there with its last piece', async () => {
    expect((await ask('HEAD', 'e.source')).status).toBe(404);
    expect((await putPiece('e.source', photo, 0, 1_000)).headers.get('upload-offset')).toBe('1000');
    const again = await putPiece('e.source', photo, 0, 1_000);
    expect([again.status, again.headers.get('upload-offset')]).toEqual([409, '1000']);
    const half = await ask('HEAD', 'e.source');
    expect([half.headers.get('upload-offset'), half.headers.get('upload-complete')]).toEqual(['1000', '?0']);
    expect((await putPiece('e.source', photo, 1_000, photo.length)).status).toBe(204);
    expect((await ask('HEAD', 'e.source')).headers.get('upload-complete')).toBe('?1');
    expect(await readFile(join(folder, 'e.source'))).toEqual(photo);
  });

  it('is fetched in pieces, each with its digest', async () => {
    await put('f.copy', photo);
    const piece = await ask('GET', 'f.copy', { range: 'bytes=10-99' });
    const expected = photo.subarray(10, 100);
    const digest = createHash('sha256').update(expected).digest('base64');
    expect([
      piece.status,
      piece.headers.get('content-range'),
      piece.headers.get('content-digest'),
      Buffer.from(await piece.arrayBuffer()),
    ]).toEqual([206, `bytes 10-99/${photo.length}`, `sha-256=:${digest}:`, expected]);
    expect((await ask('GET', 'f.copy', { range: `bytes=0-${photo.length}` })).status).toBe(416);
  });

  it.each([
    ['larger than the service takes', 'bytes 0-9/9000000', 413],
    ['that ends before it begins', 'bytes 9-0/100', 400],
    ['that begins where nothing is', 'bytes 50-59/100', 409],
  ])('%s is refused', async (_which, range, status) => {
    const response = await ask('PUT', 'g.source', { 'content-range': range }, photo.subarray(0, 10));
    expect([response.status, (await readdir(folder)).filter((name) => name.startsWith('g.'))]).toEqual([
      status,
      [],
    ]);
  });
});
