import { cp, mkdtemp, readFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export interface ImageFiles {
  /** Its working folder. */
  folder: string;
  variables: Record<string, string>;
  user: string;
  command: string[];
}

/**
 * The files of an image whose Dockerfile is built in the root of the repository, put together as it says: no image is built, because there is no
 * registry of images. Its packages are those of this copy. The caller removes the folder.
 */
export async function collectImageFiles(dockerfile: string): Promise<ImageFiles> {
  const text = await readFile(join(ROOT, dockerfile), 'utf8');
  const lines = text.slice(text.lastIndexOf('\nFROM ')).replaceAll('\\\n', ' ').split('\n');
  const valuesOf = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length).trim());
  const folder = await mkdtemp(join(tmpdir(), 'auralink-image-'));
  for (const copied of valuesOf('COPY').filter((value) => !value.startsWith('--from='))) {
    const [source, target] = copied.split(/\s+/) as [string, string];
    const into = target.endsWith('/')
      ? join(folder, target, source.split('/').at(-1)!)
      : join(folder, target);
    await cp(join(ROOT, source), into, { recursive: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const pairs = valuesOf('ENV').flatMap((value) => value.split(/\s+/));
  return {
    folder,
    variables: Object.fromEntries(pairs.map((pair) => pair.split('='))) as Record<string, string>,
    user: valuesOf('USER')[0] ?? 'root',
    command: JSON.parse(valuesOf('CMD').at(-1) ?? '[]') as string[],
  };
}
