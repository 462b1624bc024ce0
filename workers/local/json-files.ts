import { readFile, writeFile } from 'node:fs/promises';
import { CommandError } from './command-error.ts';

/** The file's JSON; undefined when there is no such file. @throws CommandError when it is not JSON */
export async function readJsonFile<T>(file: string): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new CommandError(`${file} is not valid JSON; put it right, or start with --fresh`);
  }
}

/** Writes JSON that only the owner of the file may read. */
export async function writePrivateJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
}
