import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createInterface } from 'node:readline';
import { type Client, createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import type { DescService } from '@bufbuild/protobuf';

const ROOT = join(import.meta.dirname, '..');
/** Another one in each run. */
export const SECRET = randomBytes(32).toString('base64url');

export interface Service {
  url: string;
  pid: number;
  /** A client by gRPC. */
  client<T extends DescService>(service: T): Client<T>;
  /** Resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts the service as a process of its own, on a free port. */
export async function startService(env: Record<string, string> = {}, folder = ROOT): Promise<Service> {
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: folder,
    env: { PATH: process.env.PATH, COMPRESSION_SECRETS: SECRET, COMPRESSION_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  void exited.then(() => running.delete(child));
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = JSON.parse(line) as { event: string; port: number };
      if (entry.event === 'compression.listening') resolve(entry.port);
    });
    void exited.then((code) => reject(new Error(`the service ended with ${code}`)));
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    pid: child.pid!,
    client: (service) =>
      createClient(
        service,
        // Node's own limit for a connection is 10 MB, less than a large message.
        createGrpcTransport({
          baseUrl: url,
          interceptors: [authorize],
          nodeOptions: { maxSessionMemory: 64 },
        }),
      ),
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return exited;
    },
  };
}

type Interceptor = NonNullable<Parameters<typeof createGrpcTransport>[0]['interceptors']>[number];
export const authorize: Interceptor = (next) => (request) => {
  request.header.set('authorization', `Bearer ${SECRET}`);
  return next(request);
};

/** A picture in I420 that moves from frame to frame: gradients and edges. */
export function drawPicture(width: number, height: number, frame = 0): Uint8Array {
  const data = new Uint8Array((width * height * 3) / 2).fill(128);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const isInside = (x + frame * 3) % 160 < 80 && y % 90 < 45;
      data[y * width + x] = 60 + (((x + y + frame) >> 2) % 90) + (isInside ? 60 : 0);
    }
  return data;
}

/** A tone as PCM of 16 bits. */
export function makeTone({ sampleRate = 48_000, channels = 1, milliseconds = 20, frame = 0 }): Uint8Array {
  const samples = (sampleRate * milliseconds) / 1_000;
  const pcm = new Int16Array(samples * channels);
  for (let i = 0; i < pcm.length; i++) {
    const at = frame * samples + Math.floor(i / channels);
    pcm[i] = Math.round(Math.sin((at * 2 * Math.PI * 440) / sampleRate) * 8_000);
  }
  return new Uint8Array(pcm.buffer);
}

/** Writes a recording (see `media-files.ts`) in a process of its own: native code must not end the runner's. */
export async function makeRecording(file: string, options: object = {}): Promise<void> {
  const script = join(import.meta.dirname, 'write-recording.ts');
  await promisify(execFile)(process.execPath, ['--no-warnings', script, file, JSON.stringify(options)]);
}
