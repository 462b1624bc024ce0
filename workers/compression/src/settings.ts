import { availableParallelism, tmpdir } from 'node:os';

export interface Settings {
  host: string;
  port: number;
  /** Secrets of callers; more than one while they are exchanged. */
  secrets: readonly string[];
  /** Origins that objects are read from and written to: `https://objects.example`. */
  objectOrigins: readonly string[];
  /** Folder of objects that are named by a path; undefined: none may be. */
  objectFolder: string | undefined;
  /** Folder for the copies of objects that are worked on. */
  workFolder: string;
  maxSessions: number;
  /** Processes that hold the codecs of sessions. */
  codecProcesses: number;
  /** Videos that are encoded at the same time, each in a process of its own; as many images beside them. */
  objectProcesses: number;
  maxObjectBytes: number;
  maxObjectSeconds: number;
  /** A task is ended when its state was not asked for this long. */
  taskOwnerSeconds: number;
  /** A process above it is ended. */
  maxProcessBytes: number;
  /** How long running work may take to end after SIGTERM. */
  drainSeconds: number;
  /** A stream that is idle for this long is ended. */
  idleSeconds: number;
}

type Env = Record<string, string | undefined>;
const SHORTEST_SECRET = 32;
const MIB = 1024 * 1024;

function readNumber(env: Env, name: string, byDefault: number, [least, most]: [number, number]): number {
  const text = env[name];
  if (text === undefined || text === '') return byDefault;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new Error(`${name} must be a whole number from ${least} to ${most}, not ${JSON.stringify(text)}`);
  return value;
}

const readList = (text = '') =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

function readSecrets(env: Env): string[] {
  const secrets = readList(env.COMPRESSION_SECRETS);
  if (secrets.length === 0 || secrets.some(({ length }) => length < SHORTEST_SECRET))
    throw new Error(
      `COMPRESSION_SECRETS must name one or more secrets of at least ${SHORTEST_SECRET} characters, separated by commas`,
    );
  return secrets;
}

function readOrigins(env: Env): string[] {
  const origins = readList(env.COMPRESSION_OBJECT_ORIGINS);
  const wrong = origins.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin);
  if (wrong)
    throw new Error(`COMPRESSION_OBJECT_ORIGINS names origins such as https://objects.example, not ${wrong}`);
  return origins;
}

/** @throws Error naming the first variable that is missing or malformed */
export function readSettings(env: Env = process.env): Settings {
  const cores = availableParallelism();
  return {
    host: env.COMPRESSION_HOST || '127.0.0.1',
    port: readNumber(env, 'COMPRESSION_PORT', 8794, [0, 65_535]),
    secrets: readSecrets(env),
    objectOrigins: readOrigins(env),
    objectFolder: env.COMPRESSION_OBJECT_FOLDER || undefined,
    workFolder: env.COMPRESSION_WORK_FOLDER || tmpdir(),
    maxSessions: readNumber(env, 'COMPRESSION_MAX_SESSIONS', 16 * cores, [1, 4_096]),
    codecProcesses: readNumber(env, 'COMPRESSION_CODEC_PROCESSES', Math.min(cores, 8), [1, 64]),
    objectProcesses: readNumber(env, 'COMPRESSION_OBJECT_PROCESSES', 1, [1, 16]),
    maxObjectBytes: readNumber(env, 'COMPRESSION_MAX_OBJECT_MIB', 4_096, [1, 65_536]) * MIB,
    maxObjectSeconds: readNumber(env, 'COMPRESSION_MAX_OBJECT_SECONDS', 4 * 3_600, [1, 86_400]),
    taskOwnerSeconds: readNumber(env, 'COMPRESSION_TASK_OWNER_SECONDS', 600, [1, 86_400]),
    maxProcessBytes: readNumber(env, 'COMPRESSION_MAX_PROCESS_MIB', 1_024, [128, 16_384]) * MIB,
    drainSeconds: readNumber(env, 'COMPRESSION_DRAIN_SECONDS', 20, [0, 3_600]),
    idleSeconds: readNumber(env, 'COMPRESSION_IDLE_SECONDS', 60, [1, 3_600]),
  };
}
