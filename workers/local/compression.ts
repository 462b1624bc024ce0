import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Child, startChild } from './child-process.ts';
import type { LocalPorts } from './ports.ts';

const FOLDER = join(import.meta.dirname, '../compression');

/** `COMPRESSION_URL` names another service, or, when it is empty, none. */
type Env = Partial<Record<string, string>>;

export interface CompressionOptions {
  ports: LocalPorts;
  dataDir: string;
  /** The secret that its callers send. */
  secret: string;
  onLine: (line: string) => void;
}

const isInstalled = () => existsSync(join(FOLDER, 'node_modules/node-av'));

/** Whether this copy runs a compression service of its own. */
export const hasCompression = (env: Env = process.env): boolean =>
  env.COMPRESSION_URL === undefined && isInstalled();

export const compressionUrl = ({ compression }: LocalPorts): string => `http://localhost:${compression}`;

/** The compression service, or what it lacks. */
export function describeCompression(ports: LocalPorts, env: Env = process.env): string {
  if (env.COMPRESSION_URL !== undefined) return env.COMPRESSION_URL || 'none: COMPRESSION_URL is empty';
  return isInstalled() ? compressionUrl(ports) : 'none: not installed (.ci/compression install)';
}

/** None of the Worker's variables. */
function buildEnvironment({ ports, secret }: CompressionOptions, workFolder: string): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  const own = {
    PATH,
    HOME,
    COMPRESSION_PORT: String(ports.compression),
    COMPRESSION_SECRETS: secret,
    COMPRESSION_WORK_FOLDER: workFolder,
    COMPRESSION_OBJECT_FOLDER: join(workFolder, 'objects'),
    COMPRESSION_DRAIN_SECONDS: '1',
    COMPRESSION_OBJECT_ORIGINS: `http://localhost:${ports.api},http://127.0.0.1:${ports.api}`,
  };
  return Object.assign(Object.create(null), own); // the type asks for what the Worker's environment holds
}

/** Starts it in the background: media stays uncompressed until it answers, and when it has ended. */
export async function startCompression(options: CompressionOptions): Promise<Child> {
  const workFolder = join(options.dataDir, 'compression');
  await mkdir(workFolder, { recursive: true });
  return startChild({
    name: 'the compression service',
    command: process.execPath,
    args: ['src/main.ts'],
    cwd: FOLDER,
    env: buildEnvironment(options, workFolder),
    onLine: (line) => options.onLine(`compression ${line}`),
  });
}
