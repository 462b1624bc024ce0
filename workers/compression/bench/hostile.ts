/** Input that is made to do harm: how soon, and with how much memory, the service is done with it. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import zlib from 'node:zlib';
import {
  AICCompressionService,
  CompressionMode,
  FrameType,
} from '../generated/auralink/aic/v1/compression_pb.js';
import { AICObjectService } from '../generated/auralink/aic/v1/objects_pb.js';
import { drawPicture, makeRecording } from '../test/kit.ts';
import { openUnreadSession } from '../test/unread-session.ts';
import { writeZip } from '../test/write-office.ts';
import { CLIPS, writeReference } from './media.ts';
import type { BenchService, Row } from './service.ts';

const MIB = 1024 * 1024;
const MOST_SECONDS = 2;
const MOST_MIB = 512;

function listProcesses(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ');
    return [pid, ...children.filter(Boolean).flatMap((child) => listProcesses(Number(child)))];
  } catch {
    return []; // it has ended meanwhile
  }
}

function readPeakMib(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}

/** A PNG that says it has 50,000 × 50,000 pixels, all of them zero, in few bytes. */
function makeBomb(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(zlib.crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(50_000, 0);
  header.writeUInt32BE(50_000, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', zlib.deflateSync(Buffer.alloc(4 * MIB))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

type Attack = () => Promise<unknown>;

async function measure(what: string, { service }: BenchService, attack: Attack): Promise<Row> {
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, ...listProcesses(service.pid).map(readPeakMib));
  }, 10);
  const startedAt = performance.now();
  const outcome = await attack().then(
    (text) => String(text),
    (error: Error) => `refused: ${error.message}`,
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  clearInterval(watch);
  const frames = service.client(AICCompressionService);
  const { codec } = await frames.compressFrame(pictureOf(160, 96));
  return {
    what: `hostile: ${what}`,
    measured: `${seconds.toFixed(2)} s, ${peak.toFixed(0)} MiB in the largest process; ${outcome}; a frame of another caller after it: ${codec}`,
    target: `< ${MOST_SECONDS} s, < ${MOST_MIB} MiB`,
    holds: seconds < MOST_SECONDS && peak < MOST_MIB && codec === 'av1',
    figures: { seconds, peak },
  };
}

const pictureOf = (width: number, height: number) => ({
  frameData: drawPicture(width, height),
  frameType: FrameType.VIDEO,
  mode: CompressionMode.ADAPTIVE,
  metadata: { width, height, fps: 30, codec: 'i420' },
});

/** As many frames of one byte as are taken in a second. */
async function flood({ service }: BenchService): Promise<string> {
  const left = new AbortController();
  setTimeout(() => left.abort(), 1_000);
  const tiny = async function* () {
    for (let i = 0; i < 1_000_000 && !left.signal.aborted; i++)
      yield { frameData: Uint8Array.of(1), frameType: FrameType.DATA, mode: CompressionMode.ADAPTIVE };
  };
  const client = service.client(AICCompressionService);
  let taken = 0;
  try {
    for await (const response of client.compressStream(tiny(), { signal: left.signal }))
      if (response.compressedData.length > 0) taken++;
  } catch (error) {
    if (!left.signal.aborted) throw error;
  }
  return `${taken} of a million taken`;
}

/** Previews of an archive that calls itself a document, which is made before the time is taken. */
async function measureArchive(what: string, bench: BenchService, parts: Record<string, string>) {
  await writeFile(join(bench.folder, 'archive.docx'), writeZip(parts));
  return measure(what, bench, async () => {
    await bench.service.client(AICObjectService).previewDocument({
      input: { place: { case: 'path', value: 'archive.docx' } },
      images: [{ page: 1, output: { place: { case: 'path', value: 'page.webp' } } }],
    });
    return 'drawn';
  });
}

/** A part of `hostile`. */
export const benchArchives = async (bench: BenchService): Promise<Row[]> => [
  await measureArchive('an office document that expands to 80 MB', bench, {
    'word/document.xml': `<d>${' '.repeat(80_000_000)}<t>text</t></d>`,
  }),
  await measureArchive(
    'an archive of 20,001 entries',
    bench,
    Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [`${i}`, ''])),
  ),
];

/** Eighty megabytes are sent, and no response is read for a second. */
async function leaveUnread({ service }: BenchService): Promise<string> {
  const unread = await openUnreadSession(service.url);
  await sleep(1_000);
  unread.close();
  return 'held, by flow control';
}

export async function benchHostile(bench: BenchService): Promise<Row[]> {
  const { folder, compress, service } = bench;
  const at = (name: string) => join(folder, name);
  const film = at('film.mp4');
  await writeReference(CLIPS[1]!, film);
  const whole = readFileSync(film);
  await writeFile(at('cut.mp4'), whole.subarray(0, whole.length >> 1));
  await writeFile(at('mislabelled.mp4'), makeBomb());
  await writeFile(at('bomb.png'), makeBomb());
  await makeRecording(at('large.mp4'), { width: 4_096, height: 2_400, frames: 1, crf: 40, sound: false });
  const image = (file: string) => () => compress(file, 'out', { case: 'image', value: {} });
  const video = (file: string) => () => compress(file, 'out', { case: 'video', value: {} });
  const zstd = zlib.zstdCompressSync(Buffer.alloc(256 * MIB), {
    params: { [zlib.constants.ZSTD_c_windowLog]: 20 },
  });
  const restore = async () => {
    const response = await service
      .client(AICCompressionService)
      .decompressFrame({ compressedData: zstd, codec: 'zstd', maxSizeBytes: MIB });
    return `refused: ${response.errorMessage}`;
  };
  return [
    await measure('an image of 50,000 × 50,000 pixels', bench, image('bomb.png')),
    await measure('a video of too many pixels', bench, video('large.mp4')),
    await measure('a video that is cut off', bench, video('cut.mp4')),
    await measure('an image that is named a video', bench, video('mislabelled.mp4')),
    await measure('256 MiB in a frame of some kilobytes', bench, restore),
    ...(await benchArchives(bench)),
    await measure('a session that never reads, for a second', bench, () => leaveUnread(bench)),
    await measure('tiny frames without end, for a second', bench, () => flood(bench)),
  ];
}
