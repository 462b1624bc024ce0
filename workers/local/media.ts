import type { Child } from './child-process.ts';
import { CommandError, getReason } from './command-error.ts';
import { findEgress } from './egress/program.ts';
import { type EgressOptions, startEgress } from './egress/start-egress.ts';
import { findRedis, startRedis } from './egress/start-redis.ts';
import { findLiveKit, startLiveKit } from './livekit.ts';
import type { LocalPorts } from './ports.ts';
import type { Secrets } from './secrets.ts';
import { installEgress } from '../ops/egress-install.ts';
import { findGo } from '../ops/go-program.ts';
import type { Installation } from '../ops/installation.ts';
import { installLiveKit } from '../ops/livekit-install.ts';

/** The programs on this machine that calls and recordings need; each undefined when it is missing. */
export interface MediaTools {
  livekit: string | undefined;
  egress: string | undefined;
  redis: string | undefined;
  go: string | undefined;
  /** Whether the environment names another LiveKit. */
  isElsewhere: boolean;
}

export interface MediaOptions {
  ports: LocalPorts;
  dataDir: string;
  secrets: Secrets;
  tools: MediaTools;
  onLine: (line: string) => void;
  print: (line: string) => void;
  superviseChild: (child: Child) => void;
  /** Called at the end, in reverse order. */
  closers: (() => Promise<void>)[];
}

export function findMediaTools(env: NodeJS.ProcessEnv = process.env): MediaTools {
  if (env.LIVEKIT_URL)
    return { livekit: undefined, egress: undefined, redis: undefined, go: undefined, isElsewhere: true };
  return {
    livekit: findLiveKit(env),
    egress: findEgress(env),
    redis: findRedis(env),
    go: findGo(env),
    isElsewhere: false,
  };
}

/** The recorder, or what it lacks. */
export function describeRecorder({ livekit, egress, redis, go, isElsewhere }: MediaTools): string {
  if (isElsewhere) return 'the egress of that LiveKit, if it has one';
  if (!livekit && !go) return 'none: there is no LiveKit';
  if (!redis) return 'none: Redis is missing (apt-get install redis-server)';
  if (egress) return livekit ? 'a stand-in for LiveKit egress' : 'a stand-in, when LiveKit is built';
  return go ? 'a stand-in that is being built' : 'none: Go is missing, which builds it';
}

/** Redis runs where recordings are possible, now or when their recorder is built. */
async function startMediaServer(program: string, options: MediaOptions): Promise<void> {
  const { ports, dataDir, secrets, tools, onLine, superviseChild } = options;
  const { LIVEKIT_API_KEY: apiKey = '', LIVEKIT_API_SECRET: apiSecret = '' } = secrets;
  const password = secrets.REDIS_PASSWORD ?? '';
  const started =
    tools.redis && (tools.egress ?? tools.go)
      ? await startRedis(tools.redis, {
          port: ports.redis,
          password,
          dataDir,
          onLine: (line) => onLine(`redis ${line}`),
        })
      : undefined;
  if (started) superviseChild(started.child);
  const livekit = await startLiveKit(program, {
    port: ports.livekit,
    udpPort: ports.livekitUdp,
    webhookUrl: `http://localhost:${ports.api}/webhooks/livekit`,
    dataDir,
    apiKey,
    apiSecret,
    redis: started?.redis,
    ingress: {
      rtmp_base_url: `rtmp://127.0.0.1:${ports.ingress}/live`,
      whip_base_url: `http://127.0.0.1:${ports.whip}/whip`,
    },
    onLine: (line) => onLine(`livekit ${line}`),
  });
  superviseChild(livekit);
  if (tools.egress && started) await startRecorder(tools.egress, options);
}

/** @throws CommandError unless it is like `320x180@15`, or not there */
function readPicture(text: string | undefined): EgressOptions['picture'] {
  if (!text) return undefined;
  const [, width, height, frameRate] = (/^(\d+)x(\d+)@(\d+)$/.exec(text) ?? []).map(Number);
  if (!width || !height || !frameRate || width % 2 || height % 2)
    throw new CommandError(`RECORDER_PICTURE must be like 320x180@15, in even numbers, and not ${text}`);
  return { width, height, frameRate };
}

async function startRecorder(program: string, options: MediaOptions): Promise<void> {
  const { ports, dataDir, secrets, onLine, superviseChild } = options;
  superviseChild(
    await startEgress(program, {
      redis: { address: `127.0.0.1:${ports.redis}`, password: secrets.REDIS_PASSWORD ?? '' },
      url: `ws://127.0.0.1:${ports.livekit}`,
      apiKey: secrets.LIVEKIT_API_KEY ?? '',
      apiSecret: secrets.LIVEKIT_API_SECRET ?? '',
      dataDir,
      rtmpAddress: `127.0.0.1:${ports.ingress}`,
      whipAddress: `127.0.0.1:${ports.whip}`,
      callsAddress: `127.0.0.1:${ports.calls}`,
      fault: process.env.RECORDER_FAULT,
      picture: readPicture(process.env.RECORDER_PICTURE),
      onLine: (line) => onLine(`egress ${line}`),
    }),
  );
}

/** Starts the media server and its recorder, as far as they are installed. */
export async function startMedia(options: MediaOptions): Promise<void> {
  if (options.tools.livekit) await startMediaServer(options.tools.livekit, options);
}

/**
 * Builds what is missing and starts it: until then requests for media are answered with 503, and recordings find no
 * recorder.
 * @throws CommandError with what there will not be
 */
export async function buildMedia(options: MediaOptions): Promise<void> {
  const { go, livekit, egress, redis } = options.tools;
  if (!go) return;
  const { print, closers } = options;
  const build = (install: typeof installLiveKit): Installation => {
    const building = install({ go, onLine: print });
    closers.push(() => building.stop());
    return building;
  };
  const attempt = async (what: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      throw new CommandError(`There is no ${what}: ${getReason(error)}`);
    }
  };
  if (!livekit)
    await attempt('LiveKit', async () => {
      await startMediaServer(await build(installLiveKit).done, options);
      print('LiveKit is built and running');
    });
  if (!egress && redis)
    await attempt('recorder', async () => {
      const program = await build(installEgress).done;
      await startRecorder(program, options);
      options.tools.egress = program;
      print('The recorder is built and running');
    });
}
