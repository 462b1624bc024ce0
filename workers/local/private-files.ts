import { chmod, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Takes the folder and everything in it away from everyone but its owner: folders 0700, files 0600. Links are left alone.
 * A file that disappears meanwhile is no error.
 */
export async function makePrivate(path: string): Promise<void> {
  try {
    const found = await lstat(path);
    if (found.isDirectory()) {
      await chmod(path, 0o700);
      for (const name of await readdir(path)) await makePrivate(join(path, name));
    } else if (found.isFile()) await chmod(path, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
