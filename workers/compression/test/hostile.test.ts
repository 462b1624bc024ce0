import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import zlib from 'node:zlib';
import { type Client, Code } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  AICCompressionService,
  CompressionMode,
  CompressionStatus,
  FrameType,
} from '../generated/auralink/aic/v1/compression_pb.js';
import { AICObjectService, ImageFormat } from '../generated/auralink/aic/v1/objects_pb.js';
import { makeRecording, drawPicture, type Service, startService } from './kit.ts';
import { openUnreadSession } from './unread-session.ts';

const MIB = 1024 * 1024;
const [width, height] = [160, 96];
let folder: string;
let service: Service;
let frames: Client<typeof AICCompressionService>;
let objects: Client<typeof AICObjectService>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auralink-hostile-'));
  await makeRecording(join(folder, 'whole.mp4'), { frames: 10 });
  const tooLarge = { width: 4_096, height: 2_400, frames: 1, crf: 40, sound: false };
  await makeRecording(join(folder, 'large.mp4'), tooLarge);
  service = await startService({
    COMPRESSION_OBJECT_FOLDER: folder,
    COMPRESSION_MAX_SESSIONS: '3',
    COMPRESSION_CODEC_PROCESSES: '1',
    COMPRESSION_IDLE_SECONDS: '6',
  });
  frames = service.client(AICCompressionService);
  objects = service.client(AICObjectService);
});
afterAll(async () => {
  await service.stop('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** The processes of the service, its own first. */
function listProcesses(pid = service.pid): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1')
      .trim()
      .split(' ')
      .filter(Boolean);
    return [pid, ...children.flatMap((child) => listProcesses(Number(child)))];
  } catch {
    return []; // it has ended meanwhile
  }
}

/** CPU time of the service and of its processes that have ended. Wall time says little while others compute. */
function readCpuSeconds(): number {
  const fields = readFileSync(`/proc/${service.pid}/stat`, 'latin1')
    .replace(/^.*\) /, '')
    .split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

function readPeakBytes(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}

const picture = (number: number) => ({
  frameNumber: BigInt(number),
  frameData: drawPicture(width, height, number),
  frameType: FrameType.VIDEO,
  mode: CompressionMode.AGGRESSIVE,
  metadata: { width, height, fps: 30, codec: 'i420' },
});

/** A stream whose frames are sent one by one. */
function openSession() {
  const queue: (ReturnType<typeof picture> | undefined)[] = [];
  let wake = () => {};
  const requests = async function* () {
    for (;;) {
      while (queue.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const next = queue.shift();
      if (!next) return;
      yield next;
    }
  };
  const responses = frames.compressStream(requests())[Symbol.asyncIterator]();
  const push = (request: ReturnType<typeof picture> | undefined) => {
    queue.push(request);
    wake();
  };
  return {
    async send(number: number) {
      push(picture(number));
      const { value } = await responses.next();
      return value!;
    },
    async end() {
      push(undefined);
      expect((await responses.next()).done).toBe(true);
    },
  };
}

// While a test does its worst, a session of another participant is served all the time.
let other: ReturnType<typeof openSession>;
let sent = 0;
beforeEach(async () => {
  other = openSession();
  sent = 0;
  await other.send(sent++);
});
afterEach(() => other.end());
const expectOtherUnharmed = async () => {
  const startedAt = performance.now();
  expect(await other.send(sent++)).toMatchObject({
    status: CompressionStatus.SUCCESS,
    fallbackUsed: false,
  });
  expect(performance.now() - startedAt).toBeLessThan(2_000);
};

/** A PNG that announces 50,000 × 50,000 pixels, and has a megabyte of zeros for them. */
function makePngBomb(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(zlib.crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(50_000, 0);
  header.writeUInt32BE(50_000, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', zlib.deflateSync(Buffer.alloc(MIB))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const at = (path: string) => ({ place: { case: 'path' as const, value: path } });

describe('an object is refused with less than two seconds of CPU time and 512 MiB when it is', () => {
  const truncate = async () => {
    const whole = await readFile(join(folder, 'whole.mp4'));
    return whole.subarray(0, whole.length / 2);
  };
  const large = () => readFile(join(folder, 'large.mp4'));
  it.each<[string, 'image' | 'video', () => Buffer | Promise<Buffer>, string]>([
    ['an image of 50,000 × 50,000 pixels', 'image', makePngBomb, 'exceeds pixel limit'],
    [
      'a drawing that names other files',
      'image',
      () =>
        Buffer.from(
          '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>',
        ),
      'format svg',
    ],
    [
      'a playlist that names other files',
      'video',
      () => Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'),
      'the content is no video',
    ],
    ['a video of too many pixels', 'video', large, 'at most 9437184 pixels'],
    ['a video that is cut off', 'video', truncate, 'damaged, cut off'],
  ])('%s', async (what, kind, make, reason) => {
    await writeFile(join(folder, 'input'), await make());
    const settings =
      kind === 'video' ? ({ case: 'video', value: {} } as const) : ({ case: 'image', value: {} } as const);
    const cpuBefore = readCpuSeconds();
    let peak = 0;
    const watch = setInterval(() => (peak = Math.max(peak, ...listProcesses().map(readPeakBytes))), 20);
    const work = Array.fromAsync(
      objects.compressObject({ input: at('input'), output: at('output'), settings }),
    );
    await expect(work, what).rejects.toMatchObject({
      code: Code.InvalidArgument,
      rawMessage: expect.stringContaining(reason) as string,
    });
    clearInterval(watch);
    expect(readCpuSeconds() - cpuBefore).toBeLessThan(2);
    expect(peak).toBeLessThan(512 * MIB);
    await expectOtherUnharmed();
  });

  it('an image for variants', async () => {
    await writeFile(join(folder, 'input'), makePngBomb());
    const variants = [{ format: ImageFormat.WEBP, maxWidth: 96, output: at('thumbnail') }];
    await expect(objects.imageVariants({ input: at('input'), variants })).rejects.toMatchObject({
      code: Code.InvalidArgument,
    });
  });
});

describe('frames that do harm', () => {
  it('data that would grow without end is refused at its limit', async () => {
    const bomb = zlib.zstdCompressSync(Buffer.alloc(256 * MIB), {
      params: { [zlib.constants.ZSTD_c_windowLog]: 20 },
    });
    const response = await frames.decompressFrame({ compressedData: bomb, codec: 'zstd', maxSizeBytes: MIB });
    expect(response).toMatchObject({
      status: CompressionStatus.ERROR,
      errorMessage: 'the frame has more than 1048576 bytes',
    });
    expect(Math.max(...listProcesses().map(readPeakBytes))).toBeLessThan(512 * MIB);
    await expectOtherUnharmed();
  });

  it('what is no AV1 is refused, and its session decodes what follows', async () => {
    const { compressedData } = await frames.compressFrame(picture(0));
    const noise = Uint8Array.from({ length: 5_000 }, (_, i) => (i * 7_919) & 255);
    const requests = async function* () {
      for (const data of [noise, compressedData.subarray(0, 40), compressedData])
        yield { compressedData: data, codec: 'av1' };
    };
    const responses = await Array.fromAsync(frames.decompressStream(requests()));
    expect(responses.map(({ status }) => status)).toEqual([
      CompressionStatus.ERROR,
      CompressionStatus.ERROR,
      CompressionStatus.SUCCESS,
    ]);
    await expectOtherUnharmed();
  });

  it('a message above 16 MiB is refused before it is read', async () => {
    const request = { frameData: new Uint8Array(17 * MIB), frameType: FrameType.DATA };
    await expect(frames.compressFrame(request)).rejects.toMatchObject({ code: Code.ResourceExhausted });
    await expectOtherUnharmed();
  });

  it('as many tiny frames as can be sent are taken at the pace of media', async () => {
    const left = new AbortController();
    const tiny = async function* () {
      for (let i = 0; i < 1_000_000 && !left.signal.aborted; i++)
        yield { frameData: Uint8Array.of(1), frameType: FrameType.DATA, mode: CompressionMode.ADAPTIVE };
    };
    let taken = 0;
    const flood = (async () => {
      for await (const { status } of frames.compressStream(tiny(), { signal: left.signal }))
        if (status === CompressionStatus.SUCCESS) taken++;
    })();
    flood.catch(() => undefined); // it is cancelled below
    const startedAt = performance.now();
    for (let i = 0; i < 5; i++) {
      await sleep(200);
      await expectOtherUnharmed();
    }
    await expect.poll(() => taken, { timeout: 20_000 }).toBeGreaterThan(20);
    left.abort();
    // What may wait, and 240 for each second.
    expect(taken).toBeLessThan(480 + 240 * ((performance.now() - startedAt) / 1_000 + 1));
    await expect.poll(async () => (await frames.healthCheck({})).resources!.activeSessions).toBe(1);
  });

  it('a session that never reads holds little memory, and is ended', async () => {
    const unread = await openUnreadSession(service.url);
    await sleep(500);
    await expectOtherUnharmed();
    expect(readPeakBytes(service.pid)).toBeLessThan(512 * MIB);
    // The other session must not be idle as long as that.
    const isEnded = async () => {
      await expectOtherUnharmed();
      return (await frames.healthCheck({})).resources!.activeSessions;
    };
    await expect.poll(isEnded, { timeout: 20_000, interval: 500 }).toBe(1);
    unread.read();
    await unread.ended;
    unread.close();
  });
});

describe('sessions', () => {
  it('above the limit are refused, until one ends', async () => {
    const [second, third] = [openSession(), openSession()];
    await second.send(0);
    await third.send(0);
    await expect(openSession().send(0)).rejects.toMatchObject({ code: Code.ResourceExhausted });
    expect((await frames.healthCheck({})).resources!.activeSessions).toBe(3);
    await second.end();
    await third.end();
    const next = openSession();
    await next.send(0);
    await next.end();
  });

  it('continue with a key frame when the process of their codecs is killed', async () => {
    const [, ...codecs] = listProcesses();
    for (const pid of codecs) process.kill(pid, 'SIGKILL');
    await expect.poll(() => listProcesses().some((pid) => codecs.includes(pid))).toBe(false);
    const response = await other.send(sent++);
    expect(response).toMatchObject({ status: CompressionStatus.SUCCESS, isKeyframe: true });
    await expectOtherUnharmed();
    expect((await frames.compressFrame(picture(1))).codec).toBe('av1');
  });
});
