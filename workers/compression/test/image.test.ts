import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startService } from './kit.ts';

const PACKAGE = join(import.meta.dirname, '..');
const ROOT = join(PACKAGE, '../..');
let image: string;
beforeAll(async () => {
  image = await mkdtemp(join(tmpdir(), 'auralink-image-'));
});
afterAll(() => rm(image, { recursive: true }));

/** No image is built here, because there is no registry of images: its files are put together as the Dockerfile says. */
it('what the Dockerfile copies is all that the service needs to start', async () => {
  const text = await readFile(join(PACKAGE, 'Dockerfile'), 'utf8');
  const lines = text.slice(text.lastIndexOf('\nFROM ')).replaceAll('\\\n', ' ').split('\n');
  const valuesOf = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.split(/\s+/).slice(1));
  const folder = join(image, valuesOf('WORKDIR')[0]![0]!);
  for (const words of valuesOf('COPY').filter(([first]) => !first!.startsWith('--from='))) {
    const target = words.pop()!;
    const into = target.startsWith('/') ? join(image, target) : join(folder, target);
    for (const source of words)
      await cp(join(ROOT, source), target.endsWith('/') ? join(into, source.split('/').at(-1)!) : into, {
        recursive: true,
      });
  }
  await symlink(join(PACKAGE, 'node_modules'), join(folder, 'node_modules'));
  const variables = Object.fromEntries(
    valuesOf('ENV')
      .flat()
      .map((pair) => pair.split('=')),
  ) as Record<string, string>;
  const objects = join(image, 'objects');
  const service = await startService(
    {
      ...variables,
      COMPRESSION_HOST: '127.0.0.1',
      COMPRESSION_PORT: '0',
      COMPRESSION_OBJECT_FOLDER: objects,
    },
    folder,
  );
  expect((await fetch(`${service.url}/ready`)).status).toBe(200);
  expect(valuesOf('USER')).toEqual([['65534:65534']]);
  expect(valuesOf('CMD')).toEqual([['["node",', '"src/main.ts"]']]);
  expect(await service.stop()).toBe(0);
});
