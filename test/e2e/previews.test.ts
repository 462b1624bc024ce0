import { crc32, deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { hasCompression } from '../../workers/local/compression.ts';
import { Host } from './support/host.ts';
import { api } from './support/product.ts';

const WIDTH = 640;
const HEIGHT = 360;

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

it('a picture that is uploaded to the running product gets images without what it said of its place', async (context) => {
  context.skip(
    !hasCompression({}) && !process.env.CI,
    'the compression service is not installed: .ci/compression install',
  );
  const host = await Host.signUp(api);
  const send = (path: string, init: RequestInit = {}) =>
    fetch(`${api}/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${host.token}` } });
  const picture = drawPicture();
  const uploaded = await send('/files?name=board.png', { method: 'POST', body: new Uint8Array(picture) });
  expect(uploaded.status).toBe(201);
  const { id } = await uploaded.json<{ id: string }>();

  const read = async () => (await send(`/files/${id}`)).json<{ previewStatus: string; preview: unknown }>();
  await expect.poll(async () => (await read()).previewStatus, { timeout: 60_000 }).toBe('ready');
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
