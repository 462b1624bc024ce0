import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RECORDER } from '../../../workers/local/egress/program.ts';
import { openStorage } from './bucket.ts';

/** Sends a tone of 440 Hz and moving pictures for so many seconds, or writes a film of them. */
export function sendMedia(target: string, seconds: number, signal?: AbortSignal): Promise<unknown> {
  const script = ['--no-warnings', join(RECORDER, 'send.ts'), target, String(seconds)];
  return promisify(execFile)(process.execPath, script, signal ? { signal } : {});
}

/** Puts a film where the running product may read from. @returns an address of it that lets its reader in */
export async function storeFilm(name: string, seconds: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'auralink-film-'));
  try {
    const file = join(folder, 'film.mp4');
    await sendMedia(file, seconds);
    const storage = await openStorage();
    await storage.write(`films/${name}`, await readFile(file));
    return await storage.addressOf(`films/${name}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}
