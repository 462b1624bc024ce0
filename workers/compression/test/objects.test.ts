import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { type Client, Code } from '@connectrpc/connect';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AICObjectService,
  CompressObjectRequestSchema,
  ImageFormat,
  KeptReason,
  type ObjectResult,
  ObjectOutcome,
  ObjectStage,
  VideoCodec,
} from '../generated/auralink/aic/v1/objects_pb.js';
import { openRecording } from '../src/media/recording.ts';
import { makeRecording, type Service, startService } from './kit.ts';
import { writePhotograph } from './media-files.ts';

let folder: string;
let work: string;
let service: Service;
let client: Client<typeof AICObjectService>;
let store: Server;
/** What the store of objects was asked for and given. */
const requests: { method: string | undefined; range: string | undefined }[] = [];
const stored = new Map<string, Buffer>();
let cuts = 0;

const readBody = async (request: IncomingMessage) => Buffer.concat(await Array.fromAsync(request));

/** A store of objects with ranges, which cuts the first connections off. */
async function startStore(): Promise<string> {
  store = createServer((request, response) => {
    const { method, url = '' } = request;
    const { range } = request.headers;
    requests.push({ method, range });
    if (method === 'PUT')
      return void readBody(request).then((body) => {
        stored.set(url, body);
        response.end();
      });
    const body = stored.get(url) ?? Buffer.alloc(0);
    const from = Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
    response.writeHead(206, {
      'content-range': `bytes ${from}-${body.length - 1}/${body.length}`,
      'content-length': body.length - from,
    });
    if (cuts-- > 0)
      return void response.write(body.subarray(from, from + 5_000), () =>
        setTimeout(() => response.destroy(), 20),
      );
    response.end(body.subarray(from));
  });
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(store.address() as AddressInfo).port}`;
}

let origin: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auralink-objects-'));
  work = await mkdtemp(join(tmpdir(), 'auralink-work-'));
  origin = await startStore();
  service = await startService({
    COMPRESSION_OBJECT_FOLDER: folder,
    COMPRESSION_WORK_FOLDER: work,
    COMPRESSION_OBJECT_ORIGINS: origin,
    COMPRESSION_MAX_OBJECT_MIB: '8',
  });
  client = service.client(AICObjectService);
  await writePhotograph(join(folder, 'photo.jpg'));
  await makeRecording(join(folder, 'call.mp4'));
});
afterAll(async () => {
  await service.stop();
  store.close();
  for (const each of [folder, work]) await rm(each, { recursive: true, force: true });
});

const at = (path: string) => ({ place: { case: 'path' as const, value: path } });
const atUrl = (url: string) => ({ place: { case: 'url' as const, value: url } });
type Settings = NonNullable<MessageInitShape<typeof CompressObjectRequestSchema>['settings']>;
const image = (more = {}): Settings => ({
  case: 'image',
  value: { format: ImageFormat.AVIF, minSsim: 0.95, ...more },
});
const video = (more = {}): Settings => ({ case: 'video', value: { minSsim: 0.95, preset: 10, ...more } });

async function compress(input: object, output: object, settings: Settings) {
  const stages = new Set<ObjectStage>();
  let result: ObjectResult | undefined;
  for await (const { event } of client.compressObject(
    create(CompressObjectRequestSchema, { input, output, settings }),
  ))
    if (event.case === 'progress') stages.add(event.value.stage);
    else if (event.case === 'result') result = event.value;
  return { result: result!, stages: [...stages] };
}

describe('an image', () => {
  it('becomes the smallest AVIF of the asked SSIM, with at most four encodings and without its metadata', async () => {
    const { result } = await compress(at('photo.jpg'), at('photo.avif'), image());
    const bytes = await readFile(join(folder, 'photo.avif'));
    expect(result).toMatchObject({
      outcome: ObjectOutcome.COMPRESSED,
      compressedBytes: BigInt(bytes.length),
      sha256: createHash('sha256').update(bytes).digest('hex'),
      contentType: 'image/avif',
      width: 240,
      height: 160,
    });
    expect(result.probes).toBeLessThanOrEqual(4);
    expect(result.quality!.ssim).toBeGreaterThanOrEqual(0.95);
    expect(result.quality!.ssim).toBeLessThan(0.975);
    const { exif, format } = await sharp(bytes).metadata();
    expect([exif, format]).toEqual([undefined, 'heif']);
    expect((await sharp(await readFile(join(folder, 'photo.jpg'))).metadata()).exif).toBeDefined();
  });

  it('becomes a WebP of the asked SSIM where that is asked', async () => {
    const { result } = await compress(at('photo.jpg'), at('photo.webp'), image({ format: ImageFormat.WEBP }));
    expect(result).toMatchObject({
      outcome: ObjectOutcome.COMPRESSED,
      contentType: 'image/webp',
      codec: 'webp',
    });
    expect(result.probes).toBeLessThanOrEqual(4);
    expect(result.quality!.ssim).toBeGreaterThanOrEqual(0.95);
    expect((await sharp(join(folder, 'photo.webp')).metadata()).format).toBe('webp');
  });

  it('keeps its original when no copy is smaller, and writes nothing', async () => {
    await writeFile(
      join(folder, 'small.avif'),
      await sharp(join(folder, 'photo.jpg')).avif({ quality: 15 }).toBuffer(),
    );
    const { result } = await compress(
      at('small.avif'),
      at('small-copy.webp'),
      image({ format: ImageFormat.WEBP, minSsim: 0.995 }),
    );
    expect(result).toMatchObject({ outcome: ObjectOutcome.KEPT_ORIGINAL, sha256: '' });
    expect([KeptReason.NOT_SMALLER, KeptReason.QUALITY_NOT_REACHED]).toContain(result.keptReason);
    await expect(stat(join(folder, 'small-copy.webp'))).rejects.toThrow('ENOENT');
  });

  it('gets variants in other sizes and formats, upright and without where it was taken', async () => {
    const turned = await sharp(join(folder, 'photo.jpg'))
      .keepExif()
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    await writeFile(join(folder, 'turned.jpg'), turned);
    const response = await client.imageVariants({
      input: at('turned.jpg'),
      variants: [
        { format: ImageFormat.WEBP, maxWidth: 96, output: at('thumbnail.webp') },
        { format: ImageFormat.JPEG, maxHeight: 8_000, output: at('whole.jpg') },
      ],
      blurhash: true,
    });
    expect(response).toMatchObject({ width: 160, height: 240, format: 'jpeg' });
    expect(response.variants.map(({ width, height, contentType }) => [width, height, contentType])).toEqual([
      [96, 144, 'image/webp'],
      [160, 240, 'image/jpeg'],
    ]);
    expect(response.blurhash).toMatch(/^[\w#$%*+,\-.:;=?@[\]^{|}~]{28}$/);
    for (const name of ['thumbnail.webp', 'whole.jpg'])
      expect(Object.keys(await sharp(join(folder, name)).metadata())).not.toContain('exif');
  });
});

describe('a recording', () => {
  it('becomes AV1 and Opus, searched, encoded, and compared with the original frame by frame', async () => {
    const { result, stages } = await compress(at('call.mp4'), at('small.mp4'), video());
    expect(result).toMatchObject({
      outcome: ObjectOutcome.COMPRESSED,
      codec: 'svt-av1',
      width: 320,
      height: 192,
    });
    expect(result.quality!.framesCompared).toBe(60n);
    expect(result.quality!.ssim).toBeGreaterThanOrEqual(0.95);
    expect(result.quality!.xpsnrDb).toBeGreaterThan(20);
    const { size } = await stat(join(folder, 'call.mp4'));
    expect(Number(result.compressedBytes)).toBeLessThan(size / 4);
    expect(stages).toEqual(
      [
        ObjectStage.WAITING,
        ObjectStage.READING,
        ObjectStage.SEARCHING,
        ObjectStage.ENCODING,
        ObjectStage.VERIFYING,
        ObjectStage.WRITING,
      ].filter((stage) => stages.includes(stage)),
    );
    expect(stages).toContain(ObjectStage.ENCODING);
    const { facts, close } = await openRecording(join(folder, 'small.mp4'));
    await close();
    expect(facts).toMatchObject({ videoCodec: 'av1', audioCodec: 'opus', width: 320, height: 192 });
    expect(facts.durationSeconds).toBeCloseTo(2.4, 1);
  });

  it('becomes H.264 with its own sound where that is asked', async () => {
    const { result } = await compress(
      at('call.mp4'),
      at('compatible.mp4'),
      video({ codec: VideoCodec.H264 }),
    );
    expect(result).toMatchObject({ outcome: ObjectOutcome.COMPRESSED, codec: 'x264' });
    const { facts, close } = await openRecording(join(folder, 'compatible.mp4'));
    await close();
    expect(facts).toMatchObject({ videoCodec: 'h264', audioCodec: 'aac' });
  });

  it('keeps its original when the asked quality cannot be had', async () => {
    const { result } = await compress(at('call.mp4'), at('best.mp4'), video({ minXpsnrDb: 95 }));
    expect(result).toMatchObject({
      outcome: ObjectOutcome.KEPT_ORIGINAL,
      keptReason: KeptReason.QUALITY_NOT_REACHED,
      detail: expect.stringContaining('XPSNR') as string,
    });
    await expect(stat(join(folder, 'best.mp4'))).rejects.toThrow('ENOENT');
  });

  it('leaves nothing behind when the caller cancels', async () => {
    const cancel = new AbortController();
    const request = create(CompressObjectRequestSchema, {
      input: at('call.mp4'),
      output: at('never.mp4'),
      settings: video({ preset: 4 }),
    });
    const stream = client.compressObject(request, { signal: cancel.signal });
    await expect(
      (async () => {
        for await (const { event } of stream)
          if (event.case === 'progress' && event.value.stage === ObjectStage.ENCODING) cancel.abort();
      })(),
    ).rejects.toMatchObject({ code: Code.Canceled });
    await expect.poll(() => readdir(work)).toEqual([]);
    expect(await readdir(folder)).not.toContain('never.mp4');
  });

  it('gets a poster and a strip of its frames', async () => {
    const preview = await client.previewVideo({
      input: at('call.mp4'),
      poster: at('poster.webp'),
      strip: at('strip.webp'),
      stripFrames: 4,
      maxWidth: 160,
    });
    expect(preview).toMatchObject({
      videoCodec: 'h264',
      audioCodec: 'aac',
      poster: { width: 160, height: 96 },
      strip: { width: 640, height: 96 },
    });
    expect(preview.blurhash).toHaveLength(28);
  });
});

describe('an object by URL', () => {
  it('is read on from where a broken connection ended, and written by PUT', async () => {
    const original = await readFile(join(folder, 'photo.jpg'));
    stored.set('/in?signature=a', original);
    cuts = 2;
    requests.length = 0;
    const { result } = await compress(
      atUrl(`${origin}/in?signature=a`),
      atUrl(`${origin}/out?signature=b`),
      image({ format: ImageFormat.WEBP }),
    );
    expect(result.outcome).toBe(ObjectOutcome.COMPRESSED);
    expect(requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'PUT']);
    expect(requests[0]!.range).toBe('bytes=0-');
    expect(requests[2]!.range).not.toBe('bytes=0-');
    const copy = stored.get('/out?signature=b')!;
    expect(createHash('sha256').update(copy).digest('hex')).toBe(result.sha256);
    expect(result.originalBytes).toBe(BigInt(original.length));
  });

  it.each([
    [
      'of another host',
      () => atUrl('http://169.254.169.254/latest/meta-data'),
      'are not read or written here',
    ],
    ['of another port', () => atUrl('http://127.0.0.1:1/in'), 'are not read or written here'],
    ['of a file', () => atUrl('file:///etc/passwd'), 'are not read or written here'],
    ['that is too large', () => atUrl(`${origin}/large`), '8388608 are allowed'],
    ['outside the folder', () => at('../../etc/passwd'), 'leads out of the folder'],
    ['with an absolute path', () => at('/etc/passwd'), 'leads out of the folder'],
    ['that does not exist', () => at('absent.jpg'), 'there is no object'],
  ])('or path %s is refused', async (_which, input, reason) => {
    stored.set('/large', Buffer.alloc(9 * 1024 * 1024));
    await expect(compress(input(), at('out.avif'), image())).rejects.toMatchObject({
      code: Code.InvalidArgument,
      rawMessage: expect.stringContaining(reason) as string,
    });
  });
});
