import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@connectrpc/connect';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AICObjectService } from '../generated/auralink/aic/v1/objects_pb.js';
import { type Service, startService } from './kit.ts';
import { writeFormBomb, writePages } from './write-pdf.ts';

let folder: string;
let service: Service;
let client: Client<typeof AICObjectService>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auralink-documents-'));
  service = await startService({ COMPRESSION_OBJECT_FOLDER: folder, COMPRESSION_MAX_PROCESS_MIB: '512' });
  client = service.client(AICObjectService);
});
afterAll(async () => {
  await service.stop('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const at = (value: string) => ({ place: { case: 'path' as const, value } });

async function preview(content: Uint8Array, pages: readonly number[] = [1], maxPixels = 320) {
  await writeFile(join(folder, 'input.pdf'), content);
  const images = pages.map((page, index) => ({ page, maxPixels, output: at(`image-${index}.webp`) }));
  return client.previewDocument({ input: at('input.pdf'), images });
}
const colorOf = async (index: number) => {
  const image = sharp(await readFile(join(folder, `image-${index}.webp`)));
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, red: data[0]! > 200, blue: data[2]! > 200 };
};

describe('a document', () => {
  it('gets images of its pages, up to the last one that there is, and says how many it has', async () => {
    const made = await preview(writePages(3), [1, 1, 3, 9]);
    expect(made).toMatchObject({ pageCount: 3, width: 200, height: 100 });
    expect(made.images).toHaveLength(3);
    expect(made.images[0]).toMatchObject({ width: 320, height: 160, contentType: 'image/webp' });
    expect(await colorOf(0)).toEqual({ width: 320, height: 160, red: true, blue: false });
    expect(await colorOf(2)).toMatchObject({ red: false, blue: true });
    expect(made.blurhash).toHaveLength(28);
  });

  it.each([
    ['is no PDF', Buffer.from('%PDF-1.7 and no more'), /cannot be read/],
    ['has no page', writePages(0), /no pages/],
    [
      'is encrypted',
      writePages(
        1,
        '0 0 200 100',
        `/Encrypt<</Filter/Standard/V 1/R 2/O<${'41'.repeat(32)}>/U<${'42'.repeat(32)}>/P -4>>/ID[<41><41>]`,
      ),
      /cannot be read: .*password/i,
    ],
  ])('that %s is refused with the reason', async (_, content, reason) => {
    await expect(preview(content)).rejects.toMatchObject({
      code: 3,
      rawMessage: expect.stringMatching(reason),
    });
  });

  it('that claims to be as large as a field is drawn in the pixels that were asked for', async () => {
    const made = await preview(writePages(1, '0 0 9999999 99999'));
    expect(made.images[0]).toMatchObject({ width: 320, height: 3 });
  });

  it('that takes more memory than a process may ends with that process, and the next one is drawn', async () => {
    await expect(preview(writeFormBomb(12))).rejects.toMatchObject({
      code: 3,
      rawMessage: expect.stringMatching(/more than 512 MiB/),
    });
    expect((await preview(writePages(1))).images).toHaveLength(1);
  });

  it('is asked for by pages from 1, in their order, in a size that is bounded', async () => {
    for (const pages of [[], [0], [2, 1]])
      await expect(preview(writePages(2), pages)).rejects.toMatchObject({ code: 3 });
    await expect(preview(writePages(2), [1], 9_000)).rejects.toMatchObject({ code: 3 });
  });
});
