import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { installLiveKit } from '../../workers/ops/livekit-install.ts';
import { findLiveKit, startLiveKit } from '../../workers/local/livekit.ts';
import { describeRecorder, findMediaTools } from '../../workers/local/media.ts';
import { derivePorts, requireFreePorts } from '../../workers/local/ports.ts';

let home: string;
let program: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'auralink-livekit-'));
  const folder = join(home, '.cache/auralink/bin');
  await mkdir(folder, { recursive: true });
  program = join(folder, 'livekit-server');
  return () => rm(home, { recursive: true });
});

/** Replaces the media server with a script, which by default answers on the configured port. */
async function writeServerProgram(script: string): Promise<void> {
  await writeFile(
    program,
    `#!${process.execPath}\nconst config = JSON.parse(require('fs').readFileSync(process.argv[3]));\n${script}`,
  );
  await chmod(program, 0o755);
}

const ports = derivePorts(31_000 + Math.floor(Math.random() * 1_000));
const start = (lines: string[] = [], redis?: { address: string; password: string }) =>
  startLiveKit(program, {
    redis,
    port: ports.livekit,
    udpPort: ports.livekitUdp,
    webhookUrl: `http://localhost:${ports.api}/webhooks/livekit`,
    dataDir: home,
    apiKey: 'the-key',
    apiSecret: 'the-secret',
    onLine: (line) => lines.push(line),
  });

describe('the media server', () => {
  it('is found on the path or in its cache folder', async () => {
    expect(findLiveKit({ PATH: '/nowhere', HOME: home })).toBeUndefined();
    await writeServerProgram('');
    expect(findLiveKit({ PATH: '/nowhere', HOME: home })).toBe(program);
    expect(findLiveKit({ PATH: join(home, '.cache/auralink/bin'), HOME: '/' })).toBe(program);
  });

  it("runs with the copy's ports, keys and webhook until it is stopped", async () => {
    await writeServerProgram(`console.log(JSON.stringify(config));
      require('http').createServer((request, response) => response.end('OK')).listen(config.port, config.bind_addresses[0]);`);
    const lines: string[] = [];
    const redis = { address: '127.0.0.1:6400', password: 'of-the-copy' };
    const server = await start(lines, redis);
    expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({
      redis,
      port: ports.livekit,
      bind_addresses: ['127.0.0.1'],
      rtc: { tcp_port: 0, udp_port: ports.livekitUdp, ips: { includes: ['127.0.0.1/32'] } },
      keys: { 'the-key': 'the-secret' },
      webhook: { api_key: 'the-key', urls: [`http://localhost:${ports.api}/webhooks/livekit`] },
    });
    await server.stop();
    await requireFreePorts(ports);
  });

  it('fails the start when it ends before it answers', async () => {
    await writeServerProgram('process.exit(3);');
    await expect(start()).rejects.toThrow('LiveKit ended with exit code 3 before it was ready');
  });
});

describe('the recorder', () => {
  const all = { livekit: 'a', egress: 'b', redis: 'c', go: 'd', isElsewhere: false };

  it('is in the table of the start, or what is missing for it', () => {
    expect(describeRecorder(all)).toBe('a stand-in for LiveKit egress');
    expect(describeRecorder({ ...all, egress: undefined })).toBe('a stand-in that is being built');
    expect(describeRecorder({ ...all, egress: undefined, go: undefined })).toContain('Go is missing');
    expect(describeRecorder({ ...all, redis: undefined })).toContain('apt-get install redis-server');
    expect(describeRecorder({ ...all, livekit: undefined, go: undefined })).toContain('there is no LiveKit');
    expect(
      describeRecorder(findMediaTools({ LIVEKIT_URL: 'wss://media.example' } as NodeJS.ProcessEnv)),
    ).toContain('of that LiveKit');
  });
});

describe('the build of the media server', () => {
  const folder = () => join(home, '.cache/auralink/bin');
  const lines: string[] = [];

  beforeEach(() => void lines.splice(0));

  /** Replaces Go, which builds for minutes. */
  async function installWithFakeGo(script: string) {
    const go = join(home, 'go');
    await writeFile(go, `#!/bin/sh\necho "$@" >> ${home}/built\n${script}`);
    await chmod(go, 0o755);
    const env = { ...process.env, HOME: home };
    return installLiveKit({ go, env, onLine: (line) => lines.push(line) });
  }

  it('puts the program where it is found, and leaves no other files', async () => {
    const { done } = await installWithFakeGo('echo program > "$GOBIN/server"');
    expect(await done).toBe(program);
    expect(findLiveKit({ PATH: '/nowhere', HOME: home })).toBe(program);
    expect(await readdir(folder())).toEqual(['livekit-server']);
    expect(await readFile(join(home, 'built'), 'utf8')).toMatch(
      /^install github\.com\/livekit\/livekit-server\/cmd\/server@v[\d.]+\n$/,
    );
    expect(lines).toEqual([expect.stringContaining('is being built')]);
  });

  it('waits for another process that is already building', async () => {
    await writeFile(`${program}.lock`, String(process.ppid));
    const { done } = await installWithFakeGo('exit 1');
    await writeFile(program, '');
    expect(await done).toBe(program);
    expect(existsSync(join(home, 'built'))).toBe(false);
  });

  it('a killed build is continued by the next process', async () => {
    await writeFile(`${program}.lock`, '4194304');
    const { done } = await installWithFakeGo('echo program > "$GOBIN/server"');
    expect(await done).toBe(program);
  });

  it('says why it failed, and can be started again', async () => {
    const { done } = await installWithFakeGo('echo no network; exit 1');
    await expect(done).rejects.toThrow('the build of LiveKit ended with exit code 1: no network');
    expect(await readdir(folder())).toEqual([]);
  });

  it('stops at once when it is cancelled', async () => {
    const building = await installWithFakeGo('sleep 60');
    const refused = expect(building.done).rejects.toThrow('was given up');
    await expect.poll(() => existsSync(join(home, 'built'))).toBe(true);
    await building.stop();
    await refused;
  });
});
