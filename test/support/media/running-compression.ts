import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const FOLDER = join(import.meta.dirname, '../../../workers/compression');
/** Another one in each run. */
export const SECRET = randomBytes(32).toString('base64url');

export interface RunningService {
  url: string;
  stop(): Promise<unknown>;
}

/** Starts the compression service as a process of its own, on a free port. */
export async function startService(env: Record<string, string>): Promise<RunningService> {
  const child: ChildProcess = spawn(process.execPath, ['src/main.ts'], {
    cwd: FOLDER,
    env: { ...process.env, COMPRESSION_SECRETS: SECRET, COMPRESSION_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  process.once('exit', () => child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout! })) {
    const { event, port } = JSON.parse(line) as { event: string; port: number };
    if (event !== 'compression.listening') continue;
    return {
      url: `http://127.0.0.1:${port}`,
      stop: async () => {
        child.kill();
        return exited;
      },
    };
  }
  throw new Error('the compression service did not start');
}

/** Writes a photograph and a video to these files, by the codecs of the service's package. */
export function writeMedia(files: { photo: string; video: string }): void {
  const program = `
    import { writePhotograph, writeRecording } from './test/media-files.ts';
    await writePhotograph(process.argv[1]);
    await writeRecording(process.argv[2]);`;
  execFileSync(process.execPath, ['--input-type=module', '-e', program, files.photo, files.video], {
    cwd: FOLDER,
  });
}
