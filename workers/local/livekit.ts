import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from './child-process.ts';
import { CommandError } from './command-error.ts';
import type { RedisAddress } from './egress/start-redis.ts';
import { writePrivateJson } from './json-files.ts';

export interface LiveKitOptions {
  /** TCP port of its API and of its clients' signalling. */
  port: number;
  /** Ports for media. */
  udpPort: number;
  /** Level of its log; warnings by default. */
  logLevel?: 'debug' | 'warn';
  /** URL that receives the events of its rooms. */
  webhookUrl: string;
  /** Folder of its configuration. */
  dataDir: string;
  apiKey: string;
  apiSecret: string;
  /** How it finds its egress and ingress; without it there are none. */
  redis?: RedisAddress;
  /** Where its ingress takes senders. */
  ingress?: { rtmp_base_url: string; whip_base_url: string };
  onLine: (line: string) => void;
}

/** It needs half a second alone, but this process prepares the database at the same time. */
const READY_WITHIN_MS = 30_000;

type Env = Record<string, string | undefined>;

/** Path of the media server that was built for this machine. */
export const liveKitFolder = (env: Env = process.env): string =>
  join(env.HOME ?? homedir(), '.cache/auralink/bin');

/** The media server's program: on PATH, or built for this machine; undefined when there is none. */
export function findLiveKit(env: Env = process.env): string | undefined {
  const folders = [...(env.PATH ?? '').split(delimiter), liveKitFolder(env)];
  return folders.map((folder) => join(folder, 'livekit-server')).find((file) => existsSync(file));
}

/** Reachable from this machine only. */
function buildConfig(options: LiveKitOptions) {
  const { port, udpPort, logLevel = 'warn', webhookUrl, apiKey, apiSecret, redis, ingress } = options;
  return {
    ...(redis && { redis }),
    ...(ingress && { ingress }),
    port,
    bind_addresses: ['127.0.0.1'],
    rtc: {
      // The server would offer media over TCP on every network of the machine; UDP stays on this one.
      tcp_port: 0,
      ips: { includes: ['127.0.0.1/32'] },
      udp_port: udpPort,
      node_ip: '127.0.0.1',
      use_external_ip: false,
      enable_loopback_candidate: true,
    },
    keys: { [apiKey]: apiSecret },
    webhook: { api_key: apiKey, urls: [webhookUrl] },
    logging: { level: logLevel },
  };
}

async function isAnswering(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}

/** @throws CommandError when it does not answer in time */
export async function startLiveKit(program: string, options: LiveKitOptions): Promise<Child> {
  const file = join(options.dataDir, 'livekit.yaml');
  await writePrivateJson(file, buildConfig(options)); // JSON is YAML
  const child = startChild({
    name: 'LiveKit',
    command: program,
    args: ['--config', file],
    cwd: options.dataDir,
    env: process.env,
    onLine: options.onLine,
    waitsForOthers: true, // for the last participant
  });
  const ended = child.exited.then((exitReason) => {
    throw new CommandError(`LiveKit ${exitReason} before it was ready`);
  });
  const ready = async () => {
    const end = Date.now() + READY_WITHIN_MS;
    while (!(await isAnswering(`http://127.0.0.1:${options.port}`))) {
      if (Date.now() > end)
        throw new CommandError(`LiveKit did not answer within ${READY_WITHIN_MS / 1000} s`);
      await sleep(100);
    }
  };
  try {
    await Promise.race([ready(), ended]);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return child;
}
