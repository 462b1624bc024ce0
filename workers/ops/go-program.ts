import { existsSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { CommandError } from '../local/command-error.ts';
import { type Installation, installOnce } from './installation.ts';

type Env = Record<string, string | undefined>;

/** The Go command: on PATH, or where its own installer puts it; undefined when there is none. */
export function findGo(env: Env = process.env): string | undefined {
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/local/go/bin'];
  return folders.map((folder) => join(folder, 'go')).find((file) => existsSync(file));
}

export interface InstallOptions {
  go: string;
  env?: NodeJS.ProcessEnv;
  onLine: (line: string) => void;
}

/** A program to build with Go. */
export interface GoProgram {
  /** Its name in messages. */
  name: string;
  /** How long the build takes: `about seven minutes`. */
  takes: string;
  /** Where the program is kept. */
  file: string;
  /** Arguments of `go`; it runs in `folder`, or in an empty folder, and puts the program named `built` into `GOBIN`. */
  args: string[];
  folder?: string;
  built: string;
}

/** Builds a program into its cache folder. */
export const buildGoProgram = (
  { name, takes, file, args, folder, built }: GoProgram,
  { go, env = process.env, onLine }: InstallOptions,
): Installation =>
  installOnce({
    name,
    doing: 'is being built',
    work: 'the build',
    takes,
    place: file,
    steps: (target) => [
      { command: go, args, ...(folder && { cwd: folder }), env: { ...env, GOBIN: target } },
    ],
    made: built,
    onLine,
  });

/** Builds the program for a command line, and says how long that took. @throws CommandError without Go */
export async function runGoBuild(
  { name, install }: { name: string; install: (options: InstallOptions) => Installation },
  found: string | undefined,
): Promise<void> {
  if (found !== undefined) return console.log(`${name} is there: ${found}`);
  const go = findGo();
  if (go === undefined) throw new CommandError(`Go is needed to build ${name}: https://go.dev/dl`);
  const startedAt = performance.now();
  const program = await install({ go, onLine: (line) => console.log(line) }).done;
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`${basename(program)} was built after ${seconds} s: ${program}`);
}
