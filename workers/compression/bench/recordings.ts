import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectOutcome, type ObjectResult } from '../generated/auralink/aic/v1/objects_pb.js';
import { CLIPS, type Clip, judgeVideo, runFfmpeg, type Scores, writeReference } from './media.ts';
import { type BenchService, mean, type Row } from './service.ts';

const ANCHORS = [
  { name: 'medium', options: '-preset medium', target: { mean: 0.45, worst: 0.58 } },
  {
    name: 'medium -tune ssim',
    options: '-preset medium -tune ssim',
    target: { mean: 0.5, worst: 0.62 },
  },
] as const;
const ANCHOR_CRF = 26;
type Anchor = (typeof ANCHORS)[number];
const FILM = CLIPS[1]!;
const WEBCAM = CLIPS.find(({ name }) => name.startsWith('webcam'))!;

interface Measured {
  clip: string;
  ratio: number;
  searchShare: number;
  copy: Scores;
  anchor: Scores;
  kept: string;
  result: ObjectResult;
}

const isKept = ({ outcome }: ObjectResult) => outcome !== ObjectOutcome.COMPRESSED;

async function measure(
  clip: Clip,
  { options }: Anchor,
  { folder, compress }: BenchService,
): Promise<Measured> {
  const at = (name: string) => join(folder, name);
  await writeReference(clip, at('reference.mp4'));
  const crf = `${clip.anchorCrf ?? ANCHOR_CRF}`;
  const encode = ['-c:v', 'libx264', ...options.split(' '), '-crf', crf];
  await runFfmpeg(['-i', at('reference.mp4'), ...encode, at('anchor.mp4')]);
  const anchor = await judgeVideo(at('anchor.mp4'), at('reference.mp4'), clip.fps);
  const result = await compress('reference.mp4', 'copy.mp4', {
    case: 'video',
    value: { minSsim: anchor.ssim },
  });
  const copy = isKept(result)
    ? { ssim: 0, xpsnr: 0, vmaf: 0 }
    : await judgeVideo(at('copy.mp4'), at('reference.mp4'), clip.fps);
  const { size } = await stat(at('anchor.mp4'));
  const measured = {
    clip: clip.name,
    ratio: isKept(result) ? 1 : Number(result.compressedBytes) / size,
    searchShare: Number(result.searchCpuMs) / Number(result.encodeCpuMs),
    copy,
    anchor,
    kept: isKept(result) ? result.detail : '',
    result,
  };
  console.error(describe(measured));
  return measured;
}

const mibOf = ({ peakMemoryBytes }: ObjectResult) => Number(peakMemoryBytes) / 1024 / 1024;

const describe = ({ clip, ratio, copy, anchor, searchShare, kept, result }: Measured) =>
  kept
    ? `${clip} kept (${kept})`
    : `${clip} ${ratio.toFixed(3)}, SSIM +${(copy.ssim - anchor.ssim).toFixed(4)}, VMAF ${copy.vmaf.toFixed(1)}/${anchor.vmaf.toFixed(1)}, XPSNR ${copy.xpsnr.toFixed(1)}/${anchor.xpsnr.toFixed(1)}, search ${(searchShare * 100).toFixed(0)} %, ${mibOf(result).toFixed(0)} MiB`;

/** The settings of x264 that were really used, and for which clips. */
function crfsOf(all: readonly Measured[]) {
  const crfOf = ({ clip }: Measured) => CLIPS.find(({ name }) => name === clip)!.anchorCrf ?? ANCHOR_CRF;
  return [...Map.groupBy(all, crfOf)].map(([crf, those]) => ({
    crf,
    clips: those.map(({ clip }) => clip).join('; '),
  }));
}

function present({ name, target, options }: Anchor, all: Measured[]): Row[] {
  const ratios = all.map(({ ratio }) => ratio);
  const copies = all.filter(({ kept }) => !kept);
  const beside = (score: 'vmaf' | 'xpsnr') => copies.map(({ copy, anchor }) => copy[score] - anchor[score]);
  const [vmaf, xpsnr] = [beside('vmaf'), beside('xpsnr')];
  const shares = all.map(({ searchShare }) => searchShare);
  return [
    {
      what: `recordings: bytes / x264 ${name} at its SSIM`,
      measured: `${mean(ratios).toFixed(3)} mean, ${Math.max(...ratios).toFixed(3)} worst; ${all.map(describe).join('; ')}`,
      target: `≤ ${target.mean} mean, ≤ ${target.worst} worst`,
      holds: mean(ratios) <= target.mean && Math.max(...ratios) <= target.worst,
      figures: {
        all,
        command: crfsOf(all)
          .map(
            ({ crf, clips }) =>
              `ffmpeg 9.0.2 -i reference.mp4 -c:v libx264 ${options} -crf ${crf} anchor.mp4 (${clips})`,
          )
          .join('; '),
      },
    },
    {
      what: `recordings: VMAF beside x264 ${name} at equal SSIM`,
      measured: `${mean(vmaf).toFixed(2)} mean, ${Math.min(...vmaf).toFixed(2)} lowest`,
      target: '≥ 0',
      holds: Math.min(...vmaf) >= 0,
      figures: { vmaf },
    },
    {
      what: `recordings: XPSNR beside x264 ${name} at equal SSIM`,
      measured: `${xpsnr.map((value) => value.toFixed(1)).join(', ')} dB: ${mean(xpsnr).toFixed(2)} mean, ${Math.min(...xpsnr).toFixed(2)} lowest`,
      target: '≥ 0',
      holds: Math.min(...xpsnr) >= 0,
      figures: { xpsnr },
    },
    {
      what: `recordings: search / encoding, CPU time, beside x264 ${name}`,
      measured: `${mean(shares).toFixed(2)} mean, ${Math.max(...shares).toFixed(2)} most; clips of 5 to 30 s, of which a copy is repeated when that saves 5 %`,
      target: '≤ 0.40',
      holds: Math.max(...shares) <= 0.4,
      figures: { shares },
    },
  ];
}

/** Bytes at an SSIM, by two encodings near it: their logarithm is nearly a line over −ln(1 − SSIM). */
function bytesAt(ssim: number, [a, b]: readonly [Plain, Plain]): number {
  const scale = (each: number) => -Math.log(1 - each);
  const slope = (Math.log(b.bytes) - Math.log(a.bytes)) / (scale(b.ssim) - scale(a.ssim));
  return Math.exp(Math.log(a.bytes) + slope * (scale(ssim) - scale(a.ssim)));
}

interface Plain {
  bytes: number;
  ssim: number;
  cpuSeconds: number;
}

/** The service's encoding beside that of the newest SVT-AV1, called by hand with the settings that were found, and with a lower CRF. */
async function comparePlain({ result, clip: name, copy }: Measured, { folder }: BenchService): Promise<Row> {
  const [reference, file] = [join(folder, 'reference.mp4'), join(folder, 'plain.mp4')];
  const clip = CLIPS.find((each) => each.name === name)!;
  await writeReference(clip, reference);
  const optionsWith = (crf: number) =>
    `-preset ${result.preset} -crf ${crf} -g 250 -svtav1-params tune=2:lp=2`;
  const encode = async (crf: number): Promise<Plain> => {
    const { cpuSeconds } = await runFfmpeg([
      '-i',
      reference,
      '-c:v',
      'libsvtav1',
      ...optionsWith(crf).split(' '),
      file,
    ]);
    const { ssim } = await judgeVideo(file, reference, clip.fps);
    return { bytes: (await stat(file)).size, ssim, cpuSeconds };
  };
  const crf = result.qualitySetting;
  const plain = await encode(crf);
  const speed = plain.cpuSeconds / (Number(result.encodeCpuMs) / 1_000);
  const ours = Number(result.compressedBytes);
  const bytes = ours / bytesAt(copy.ssim, [plain, await encode(crf - 2)]);
  return {
    what: `recordings: ${name}, the service / plain FFmpeg with its settings, speed, and bytes at equal SSIM`,
    measured: `${speed.toFixed(2)} of its speed by CPU time, ${bytes.toFixed(2)} of its bytes (${(ours / plain.bytes).toFixed(2)} at the same CRF); SVT-AV1 3.1 beside 4.2`,
    target: '≥ 0.90, ≤ 1.02',
    holds: speed >= 0.9 && bytes <= 1.02,
    figures: {
      command: `ffmpeg 9.0.2 -i reference.mp4 -c:v libsvtav1 ${optionsWith(crf)} plain.mp4`,
    },
  };
}

async function keepFilm({ folder, compress }: BenchService): Promise<Row> {
  await writeReference(FILM, join(folder, 'reference.mp4'));
  const options = '-preset slower -crf 27';
  await runFfmpeg([
    '-i',
    join(folder, 'reference.mp4'),
    '-c:v',
    'libx264',
    ...options.split(' '),
    join(folder, 'film.mp4'),
  ]);
  const result = await compress('film.mp4', 'copy.mp4', { case: 'video', value: { minSsim: 0.99 } });
  return {
    what: 'recordings: film that is small already, at SSIM 0.99',
    measured: isKept(result)
      ? `kept (${result.detail}, of ${result.originalBytes})`
      : `${(Number(result.compressedBytes) / Number(result.originalBytes)).toFixed(3)} of the original`,
    target: 'kept where nothing is won',
    holds: isKept(result) || result.compressedBytes < result.originalBytes,
    figures: { command: `ffmpeg 9.0.2 -i reference.mp4 -c:v libx264 ${options} film.mp4` },
  };
}

async function measureMemory({ folder, compress }: BenchService): Promise<Row> {
  await writeReference(FILM, join(folder, 'reference.mp4'), 'scale=1920:1080');
  const result = await compress('reference.mp4', 'copy.mp4', { case: 'video', value: { minSsim: 0.97 } });
  const mib = mibOf(result);
  return {
    what: 'recordings: most memory at 1080p',
    measured: `${mib.toFixed(0)} MiB with preset ${result.preset}${isKept(result) ? `; kept: ${result.detail}` : ''}`,
    target: '≤ 1024 MiB',
    holds: mib > 0 && mib <= 1024,
    figures: {},
  };
}

/** The time of the search in a recording of more than a minute. */
async function measureLong({ folder, compress }: BenchService): Promise<Row> {
  const clip = { ...WEBCAM, seconds: 90 };
  await writeReference(clip, join(folder, 'reference.mp4'));
  const result = await compress('reference.mp4', 'copy.mp4', { case: 'video', value: { minSsim: 0.985 } });
  const share = Number(result.searchCpuMs) / Number(result.encodeCpuMs);
  return {
    what: `recordings: search / encoding, CPU time, ${clip.name}, 90 s`,
    measured: `${share.toFixed(2)}; SSIM ${result.quality!.ssim.toFixed(4)} of 0.985 asked; ${result.probes} encodings of parts`,
    target: '≤ 0.40',
    holds: share <= 0.4,
    figures: {},
  };
}

async function besideAnchor(anchor: Anchor, bench: BenchService, count: number): Promise<Row[]> {
  const all: Measured[] = [];
  const plain: Row[] = [];
  for (const [index, clip] of CLIPS.slice(0, count).entries()) {
    const measured = await measure(clip, anchor, bench);
    all.push(measured);
    // One of each content.
    if (anchor !== ANCHORS[0] || index >= 5 || measured.kept) continue;
    const row = await comparePlain(measured, bench);
    plain.push(row);
    console.error(row.measured);
  }
  return [...present(anchor, all), ...plain];
}

/** The service's copy against x264 at the SSIM that x264 reaches, from the same pictures. */
export async function benchRecordings(bench: BenchService, count = CLIPS.length): Promise<Row[]> {
  const rows: Row[] = [];
  for (const anchor of ANCHORS) rows.push(...(await besideAnchor(anchor, bench, count)));
  return [...rows, await keepFilm(bench), await measureMemory(bench), await measureLong(bench)];
}

/** The first five clips against `medium` alone, beside the plain tool: a part of `recordings`. */
export const benchMedium = (bench: BenchService, count: number): Promise<Row[]> =>
  besideAnchor(ANCHORS[0], bench, Math.min(count, 5));
