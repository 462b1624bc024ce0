import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Child, startChild } from './child-process.ts';
import type { LocalPorts } from './ports.ts';

export const SPEECH_FOLDER = join(import.meta.dirname, '../speech');

type Env = Record<string, string | undefined>;

/** A Python that the packages of the service have wheels for. */
export interface Python {
  program: string;
  version: string;
}

const VERSIONS = ['3.13', '3.12', '3.11'];

/** The first Python on PATH that fits, with pip; undefined when there is none. */
export function findPython(env: Env = process.env): Python | undefined {
  const names = ['python3', ...VERSIONS.map((version) => `python${version}`)];
  const programs = names
    .map((name) => (env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)))
    .flat()
    .filter((file) => existsSync(file));
  for (const program of programs) {
    const version = askVersion(program);
    if (version && VERSIONS.includes(version)) return { program, version };
  }
  return undefined;
}

function askVersion(program: string): string | undefined {
  const question = 'import pip, sys; print("%d.%d" % sys.version_info[:2])';
  try {
    return execFileSync(program, ['-c', question], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined; // without pip, or no Python at all
  }
}

/** The folder of the packages and models of this version of the service: another list of them has another folder. */
export function speechCache({ version }: Python, env: Env = process.env): string {
  const hash = createHash('sha256').update(version);
  for (const file of ['requirements.txt', 'auralink_speech/models.py', 'auralink_speech/prepare.py'])
    hash.update(readFileSync(join(SPEECH_FOLDER, file)));
  const name = `speech-${hash.digest('hex').slice(0, 12)}`;
  return join(env.HOME ?? homedir(), '.cache/auralink', name);
}

export interface SpeechTools {
  python: Python | undefined;
  /** Whether packages and models are there. */
  isInstalled: boolean;
  /** The service that `SPEECH_URL` names instead of one of this copy; empty for none. */
  elsewhere: string | undefined;
}

export function findSpeechTools(env: Env = process.env): SpeechTools {
  const elsewhere = env.SPEECH_URL;
  const python = elsewhere === undefined ? findPython(env) : undefined;
  return { python, isInstalled: python !== undefined && existsSync(speechCache(python, env)), elsewhere };
}

export const speechUrl = ({ speech }: LocalPorts): string => `http://localhost:${speech}`;

/** The speech service, or what it lacks. */
export function describeSpeech(ports: LocalPorts, { python, isInstalled, elsewhere }: SpeechTools): string {
  if (elsewhere !== undefined) return elsewhere || 'none: SPEECH_URL is empty';
  if (!python) return 'none: Python 3.11 to 3.13 with pip is missing (apt-get install python3-pip)';
  return isInstalled ? speechUrl(ports) : `${speechUrl(ports)}, when it is installed`;
}

export interface SpeechOptions {
  port: number;
  python: Python;
  dataDir: string;
  /** The secret that its callers send. */
  secret: string;
  onLine: (line: string) => void;
}

/** Starts it in the background; it loads its models for some seconds. */
export async function startSpeech({ port, python, dataDir, secret, onLine }: SpeechOptions): Promise<Child> {
  const cache = speechCache(python);
  const workFolder = join(dataDir, 'speech');
  await mkdir(workFolder, { recursive: true });
  const { PATH, HOME } = process.env;
  // None of the Worker's variables.
  const env = Object.assign(Object.create(null), {
    PATH,
    HOME,
    PYTHONPATH: `${join(cache, 'packages')}${delimiter}${SPEECH_FOLDER}`,
    PYTHONDONTWRITEBYTECODE: '1',
    SPEECH_PORT: String(port),
    SPEECH_SECRETS: secret,
    SPEECH_MODELS: join(cache, 'models'),
    SPEECH_WORK_FOLDER: workFolder,
  });
  return startChild({
    name: 'the speech service',
    command: python.program,
    args: ['-m', 'auralink_speech'],
    cwd: workFolder,
    env,
    onLine: (line) => onLine(`speech ${line}`),
  });
}
