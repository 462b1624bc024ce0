import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

export async function versionOfPglite(): Promise<string> {
  const main = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version } = JSON.parse(await readFile(join(dirname(main), '../package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

/**
 * An empty cluster of PGlite as an archive. Creating one takes seconds of CPU time, so the first is kept in
 * `~/.cache/auralink` for all copies on this machine.
 */
export async function emptyCluster(): Promise<Blob> {
  const folder = join(process.env.HOME ?? homedir(), '.cache/auralink');
  const file = join(folder, `pglite-${await versionOfPglite()}.tar`);
  const kept = await readFile(file).catch(() => undefined);
  if (kept) return new Blob([kept]);

  const db = await PGlite.create();
  const archive = await db.dumpDataDir('none');
  await db.close();
  await mkdir(folder, { recursive: true });
  // Renamed when it is complete, because another process may look for it at the same time.
  await writeFile(`${file}.${process.pid}`, Buffer.from(await archive.arrayBuffer()));
  await rename(`${file}.${process.pid}`, file);
  return archive;
}
