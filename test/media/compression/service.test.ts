import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCompressionPorts } from '../../../workers/compression-service.ts';
import { type CompressionTasks, MediaRefused } from '../../../src/media/compression/index.ts';
import { writePages } from '../../../workers/compression/test/write-pdf.ts';
import {
  type RunningService,
  SECRET,
  startService,
  writeMedia,
} from '../../support/media/running-compression.ts';

let folder: string;
let media: string;
let service: RunningService;
let client: NonNullable<ReturnType<typeof createCompressionPorts>['compression']>;
let tasks: CompressionTasks;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auralink-exchange-'));
  media = await mkdtemp(join(tmpdir(), 'auralink-media-'));
  service = await startService({ COMPRESSION_OBJECT_FOLDER: folder, COMPRESSION_MAX_OBJECT_MIB: '8' });
  const config = { url: service.url, secret: SECRET, fetchFor: () => fetch };
  const ports = createCompressionPorts(config, { now: () => Date.now() });
  [client, tasks] = [ports.compression!, ports.compressionTasks!];
  writeMedia({ photo: join(media, 'photo.jpg'), video: join(media, 'call.mp4') });
});
afterAll(async () => {
  await service.stop();
  for (const each of [folder, media]) await rm(each, { recursive: true, force: true });
});

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const sourceOf = (bytes: Uint8Array<ArrayBuffer>) => ({
  body: new Blob([bytes]).stream(),
  sizeBytes: bytes.length,
  organizationId: 'org_1',
});
const read = async (name: string) => sourceOf(new Uint8Array(await readFile(join(media, name))));
const exchange = (
  path: string,
  {
    headers,
    ...init
  }: { method?: string; body?: BodyInit; duplex?: string; headers?: Record<string, string> } = {},
) =>
  fetch(`${service.url}/objects/${path}`, {
    ...init,
    headers: { authorization: `Bearer ${SECRET}`, ...headers },
  });

describe('the Worker', () => {
  it('gets the images of a picture, and leaves nothing at the service', async () => {
    const { width, height, blurhash, images } = await client.makeImageVariants(await read('photo.jpg'), [
      { format: 'webp', maxPixels: 64 },
      { format: 'avif', maxPixels: 128 },
    ]);
    const [thumbnail, large] = images;
    expect([thumbnail!.contentType, Math.max(thumbnail!.width, thumbnail!.height)]).toEqual([
      'image/webp',
      64,
    ]);
    expect([large!.contentType, Math.max(large!.width, large!.height)]).toEqual(['image/avif', 128]);
    expect(Buffer.from(thumbnail!.bytes.subarray(8, 12)).toString()).toBe('WEBP');
    expect(Buffer.from(large!.bytes.subarray(4, 12)).toString()).toBe('ftypavif');
    expect([width > 128, height > 64, blurhash.length > 10]).toEqual([true, true, true]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('gets poster and strip of a video', async () => {
    const { durationSeconds, poster, strip } = await client.makeVideoPreview(await read('call.mp4'));
    expect(durationSeconds).toBeGreaterThan(0.5);
    for (const { bytes } of [poster, strip])
      expect(Buffer.from(bytes.subarray(8, 12)).toString()).toBe('WEBP');
    expect(strip.width).toBeGreaterThan(strip.height);
    expect(await readdir(folder)).toEqual([]);
  });

  it('gets images of the pages of a document, and the reason why one is refused', async () => {
    const images = [1, 2, 3].map((page) => ({ page, maxPixels: 64 }));
    const made = await client.makeDocumentPreview(sourceOf(new Uint8Array(writePages(2))), images);
    const facts = { pageCount: 2, shows: 'pages', width: 200, height: 100, blurhash: expect.any(String) };
    expect(made).toMatchObject(facts);
    expect(made.images.map(({ width, height }) => [width, height])).toEqual([
      [64, 32],
      [64, 32],
    ]);
    const refused = client.makeDocumentPreview(sourceOf(new Uint8Array(writePages(0))), images);
    await expect(refused).rejects.toThrow(new MediaRefused('the document has no pages'));
    expect(await readdir(folder)).toEqual([]);
  });

  it('gets the first page of a text, which does not say how many pages it has', async () => {
    const images = [1, 2].map((page) => ({ page, maxPixels: 64 }));
    const made = await client.makeDocumentPreview(sourceOf(new Uint8Array(Buffer.from('a text'))), images);
    expect([made.pageCount, made.shows, made.images.length]).toEqual([undefined, 'text', 1]);
  });

  it.each([
    ['that is no picture', new Uint8Array(2_000).fill(7)],
    ['that is cut off', undefined],
    ['larger than the service takes', new Uint8Array(9 * 1024 * 1024)],
  ])('is refused a content %s, which leaves nothing', async (_what, bytes) => {
    const photo = new Uint8Array(await readFile(join(media, 'photo.jpg')));
    const source = sourceOf(bytes ?? photo.slice(0, 600));
    await expect(client.makeImageVariants(source, [{ format: 'webp', maxPixels: 64 }])).rejects.toThrow(
      MediaRefused,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('fails in a way that may pass when its secret is wrong or the service is away', async () => {
    const clock = { now: () => Date.now() };
    const strange = { url: service.url, secret: 'x'.repeat(32), fetchFor: () => fetch };
    const away = { url: 'http://127.0.0.1:9', secret: SECRET, fetchFor: () => fetch };
    for (const config of [strange, away]) {
      const attempt = createCompressionPorts(config, clock).compression!.makeVideoPreview(
        await read('call.mp4'),
      );
      await expect(attempt).rejects.not.toThrow(MediaRefused);
    }
  });
});

describe('a task', () => {
  /** As the product names one. */
  const TASK = 'cmp_01jd3v7q8gf4kr2x6a0w9mznpe';
  const piece = (bytes: Uint8Array<ArrayBuffer>, offset: number, end: number) => ({
    body: new Blob([bytes.slice(offset, end)]).stream(),
    offset,
    length: end - offset,
    sizeBytes: bytes.length,
  });

  it('gets its source in pieces, is asked for, and gives its copy in pieces, until it is ended', async () => {
    const bytes = new Uint8Array(await readFile(join(media, 'photo.jpg')));
    expect([await tasks.find(TASK), await tasks.findOffset(TASK)]).toEqual([undefined, 0]);
    await tasks.sendPiece(TASK, piece(bytes, 0, 1_000));
    expect(await tasks.findOffset(TASK)).toBe(1_000);
    await tasks.sendPiece(TASK, piece(bytes, 1_000, bytes.length));
    await tasks.start({
      taskId: TASK,
      settings: { kind: 'image', format: 'avif', minSsim: 0.95 },
      checksum: sha256(bytes),
      organizationId: 'org_1',
    });
    await expect.poll(async () => (await tasks.find(TASK))?.kind, { timeout: 20_000 }).toBe('compressed');
    const state = await tasks.find(TASK);
    if (state?.kind !== 'compressed') throw new Error('it is not compressed');
    const { copy, figures } = state;
    expect(figures.ssim).toBeGreaterThanOrEqual(0.95);
    const first = await tasks.readCopy(TASK, { offset: 0, length: 500 });
    const rest = await tasks.readCopy(TASK, { offset: 500, length: copy.sizeBytes - 500 });
    expect(sha256(new Uint8Array([...first, ...rest]))).toBe(copy.checksum);
    await tasks.end(TASK);
    expect([await tasks.find(TASK), await readdir(folder)]).toEqual([undefined, []]);
  });

  it('fails with a reason of its own when its source differs or is refused', async () => {
    const bytes = new Uint8Array(2_000).fill(7);
    const settings = { kind: 'image', format: 'avif', minSsim: 0.95 } as const;
    for (const [id, checksum, failure] of [
      ['t2', 'f'.repeat(64), 'source_differs'],
      ['t3', null, 'refused'],
    ] as const) {
      await tasks.sendPiece(id, piece(bytes, 0, bytes.length));
      await tasks.start({ taskId: id, settings, checksum, organizationId: 'org_1' });
      await expect.poll(() => tasks.find(id), { timeout: 20_000 }).toMatchObject({ kind: 'failed', failure });
      await tasks.end(id);
    }
    const large = { ...piece(bytes, 0, 2_000), sizeBytes: 9 * 1024 * 1024 };
    await expect(tasks.sendPiece('t4', large)).rejects.toThrow(MediaRefused);
  });
});

describe('an object over HTTP', () => {
  it('is stored whole or not at all, fetched and deleted', async () => {
    expect((await exchange('a.source', { method: 'PUT', body: 'bytes' })).status).toBe(204);
    expect(await (await exchange('a.source')).text()).toBe('bytes');
    expect((await exchange('a.source', { method: 'DELETE' })).status).toBe(204);
    expect((await exchange('a.source')).status).toBe(404);
    const broken = exchange('b.source', {
      method: 'PUT',
      body: new ReadableStream({
        start: (controller) => {
          controller.enqueue(new Uint8Array(10));
          controller.error(new Error('cut off'));
        },
      }),
      duplex: 'half',
    });
    await expect(broken).rejects.toThrow();
    await expect.poll(() => readdir(folder)).toEqual([]);
  });

  it.each(['../secret', '%2e%2e%2fsecret', '.hidden', 'a/b', 'a'.repeat(80), ''])(
    'has no name like %s',
    async (name) => expect((await exchange(name, { method: 'PUT', body: 'bytes' })).status).toBe(404),
  );

  it('is not to be had without the secret', async () => {
    const response = await exchange('a.source', {
      method: 'PUT',
      body: 'bytes',
      headers: { authorization: '' },
    });
    expect(response.status).toBe(401);
  });
});
