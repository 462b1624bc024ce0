import { createSocket } from 'node:dgram';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { findLiveKit, startLiveKit } from '../../../workers/local/livekit.ts';

export interface MediaServer {
  /** URL of its API: `http://127.0.0.1:<port>`. */
  url: string;
  /** URL at which participants connect: the same with `ws`. */
  wsUrl: string;
  apiKey: string;
  apiSecret: string;
  /** Its log so far. */
  lines: string[];
  close(): Promise<void>;
}

/** A TCP port that is free now. */
export function freeTcpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function freeUdpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4').once('error', reject);
    socket.bind(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

/**
 * The media server's program. If there is none, the test is skipped with a reason; in CI, which must have one, it fails.
 */
export function requireMediaServer(context: Pick<TestContext, 'skip'>): string {
  const program = findLiveKit();
  if (program !== undefined) return program;
  const reason = 'no livekit-server on PATH or in ~/.cache/auralink/bin: node workers/ops/livekit-install.ts';
  if (process.env.CI) throw new Error(reason);
  return context.skip(reason);
}

/**
 * A real media server on free ports with keys of its own.
 * @throws when there is no program, or it does not answer in time
 */
export async function startMediaServer(options: {
  webhookUrl: string;
  logLevel?: 'debug';
}): Promise<MediaServer> {
  const program = findLiveKit();
  if (program === undefined) throw new Error('there is no livekit-server');
  const dataDir = await mkdtemp(join(tmpdir(), 'auralink-media-'));
  const port = await freeTcpPort();
  const keys = { apiKey: `key${port}`, apiSecret: `${crypto.randomUUID()}${crypto.randomUUID()}` };
  const lines: string[] = [];
  const child = await startLiveKit(program, {
    port,
    udpPort: await freeUdpPort(),
    ...(options.logLevel && { logLevel: options.logLevel }),
    webhookUrl: options.webhookUrl,
    dataDir,
    ...keys,
    onLine: (line) => lines.push(line),
  });
  return {
    url: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}`,
    ...keys,
    lines,
    async close() {
      await child.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
