import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { liveKitFolder } from '../livekit.ts';

/** The Go module of the egress worker, and the package of its recorder. */
export const WORKER = join(import.meta.dirname, 'worker');
export const RECORDER = join(import.meta.dirname, 'recorder');

type Env = Record<string, string | undefined>;

/** Changes with the sources, so that copies of different versions do not use each other's program. */
function hashSources(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(WORKER).toSorted()) hash.update(readFileSync(join(WORKER, name)));
  return hash.digest('hex').slice(0, 12);
}

/** Path of the egress worker of these sources, once it is built. */
export const egressProgram = (env?: Env): string => join(liveKitFolder(env), `egress-${hashSources()}`);

/** The egress worker's program; undefined until it is built. */
export function findEgressProgram(env?: Env): string | undefined {
  const program = egressProgram(env);
  return existsSync(program) ? program : undefined;
}

/** Whether the recorder's packages are installed. */
export const hasRecorderPackages = (): boolean =>
  existsSync(join(RECORDER, 'node_modules/node-av/package.json'));

/** The program, when everything that it needs is there, too. */
export const findEgress = (env?: Env): string | undefined =>
  hasRecorderPackages() ? findEgressProgram(env) : undefined;
