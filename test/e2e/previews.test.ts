import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, deflateSync } from 'node:zlib';
import { expect, it, type TestContext } from 'vitest';
import { hasCompression } from '../../workers/local/compression.ts';
import { Host } from './support/host.ts';
import { ROOT } from './support/launch.ts';
import { api } from './support/product.ts';

const WIDTH = 640;
const HEIGHT = 360;
/** The service works on one object at a time, and other tests have theirs. */
const POLL = { timeout: 90_000 };

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A picture in PNG that says where it was taken. */
function drawPicture(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 2], 8);
  const rows = Array.from({ length: HEIGHT }, (_row, y) => [
    0,
    ...Array.from({ length: WIDTH * 3 }, (_value, x) => (x + 3 * y) % 256),
  ]);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('tEXt', Buffer.from('Location\0at-home-52.5200-13.4050')),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A video of far higher quality than it needs, with sound. */
async function writeVideo(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'auralink-video-'));
  try {
    const file = join(folder, 'video.mp4');
    const script = join(ROOT, 'workers/compression/test/write-recording.ts');
    await promisify(execFile)(process.execPath, ['--no-warnings', script, file]);
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function requireCompression(context: TestContext): void {
  context.skip(
    !hasCompression({}) && !process.env.CI,
    'the compression service is not installed: .ci/compression install',
  );
}

/** Somebody who uploads a file to the running product. */
async function uploadFile(name: string, bytes: Buffer) {
  const host = await Host.signUp(api);
  const send = (path: string, init: RequestInit = {}) =>
    fetch(`${api}/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${host.token}` } });
  const uploaded = await send(`/files?name=${name}`, { method: 'POST', body: new Uint8Array(bytes) });
  expect(uploaded.status).toBe(201);
  const { id } = await uploaded.json<{ id: string }>();
  return { host, send, id };
}

it(
  'a video is compressed by the real encoder, and its copy, which was measured, takes its place',
  { timeout: 240_000 },
  async (context) => {
    requireCompression(context);
    const original = await writeVideo();
    const { host, send, id } = await uploadFile('video.mp4', original);
    const readFileOf = () => host.callApi(`/files/${id}`);
    await expect.poll(async () => (await readFileOf()).scanStatus, POLL).toBe('clean');
    const path = `/files/${id}/compressions`;
    const { id: compressionId } = await host.callApi(path, 'POST', { minSsim: 0.9 });
    const read = () => host.callApi(`${path}/${compressionId}`);
    await expect.poll(async () => (await read()).state, POLL).toMatch(/ready|kept|failed/);
    const { copyBytes, measurement, ...ended } = await read();
    expect(ended).toMatchObject({
      state: 'ready',
      reason: null,
      progress: 100,
      originalBytes: original.length,
      copyType: 'video/mp4',
    });
    expect(measurement).toMatchObject({
      copyBytes,
      codec: 'svt-av1',
      framesCompared: 60,
      width: 320,
      height: 192,
    });
    expect(measurement.ssim).toBeGreaterThanOrEqual(0.9);
    expect(copyBytes).toBeLessThan(original.length / 2);
    expect(await readFileOf()).toMatchObject({ sizeBytes: copyBytes });
    const copy = Buffer.from(await (await send(`/files/${id}/content`)).arrayBuffer());
    expect([copy.length, copy.includes('av01')]).toEqual([copyBytes, true]);
  },
);

it('a picture that is uploaded to the running product gets images without what it said of its place', async (context) => {
  requireCompression(context);
  const { send, id } = await uploadFile('board.png', drawPicture());
  const read = async () => (await send(`/files/${id}`)).json<{ previewStatus: string; preview: unknown }>();
  await expect.poll(async () => (await read()).previewStatus, POLL).toBe('ready');
  expect((await read()).preview).toMatchObject({
    width: WIDTH,
    height: HEIGHT,
    images: [
      { name: 'thumbnail.webp', width: 320, height: 180 },
      { name: 'large.webp', width: WIDTH },
      { name: 'large.avif', width: WIDTH },
    ],
  });
  const image = await send(`/files/${id}/previews/thumbnail.webp?disposition=inline`);
  const bytes = Buffer.from(await image.arrayBuffer());
  expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/webp']);
  expect(bytes.subarray(8, 12).toString()).toBe('WEBP');
  expect(bytes.includes('52.5200')).toBe(false);
});
