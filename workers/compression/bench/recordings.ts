import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectOutcome } from '../generated/auralink/aic/v1/objects_pb.js';
import { CLIPS, type Clip, judgeVideo, runFfmpeg, type Scores } from './media.ts';
import { type BenchService, mean, type Row } from './service.ts';

const SECONDS = '5';
const ANCHORS = [
  { name: 'medium', options: ['-preset', 'medium', '-crf', '26'], target: { mean: 0.45, worst: 0.58 } },
  {
    name: 'medium -tune ssim',
    options: ['-preset', 'medium', '-tune', 'ssim', '-crf', '26'],
    target: { mean: 0.5, worst: 0.62 },
  },
] as const;

interface Measured {
  ratio: number;
  searchShare: number;
  peakBytes: number;
  copy: Scores;
  anchor: Scores;
  kept: string;
}

async function measure(
  clip: Clip,
  options: readonly string[],
  { folder, compress }: BenchService,
): Promise<Measured> {
  const at = (name: string) => join(folder, name);
  // The pictures themselves, without loss: both sides start from them.
  await runFfmpeg([
    '-i',
    clip.file,
    '-t',
    SECONDS,
    '-an',
    '-vf',
    `${clip.filters},format=yuv420p`,
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-qp',
    '0',
    at('reference.mp4'),
  ]);
  await runFfmpeg(['-i', at('reference.mp4'), '-c:v', 'libx264', ...options, at('anchor.mp4')]);
  const anchor = await judgeVideo(at('anchor.mp4'), at('reference.mp4'), clip.fps);
  const value = { minSsim: anchor.ssim, preset: 6 };
  const result = await compress('reference.mp4', 'copy.mp4', { case: 'video', value });
  const kept = result.outcome === ObjectOutcome.COMPRESSED ? '' : result.detail;
  const copy = kept
    ? { ssim: 0, xpsnr: 0, vmaf: 0 }
    : await judgeVideo(at('copy.mp4'), at('reference.mp4'), clip.fps);
  const { size } = await stat(at('anchor.mp4'));
  return {
    ratio: kept ? 1 : Number(result.compressedBytes) / size,
    searchShare: Number(result.searchCpuMs) / Number(result.encodeCpuMs),
    peakBytes: Number(result.peakMemoryBytes),
    copy,
    anchor,
    kept,
  };
}

function present(
  name: string,
  { mean: meanTarget, worst }: { mean: number; worst: number },
  options: readonly string[],
  all: [Clip, Measured][],
): Row {
  const ratios = all.map(([, { ratio }]) => ratio);
  const clips = all.map(
    ([clip, { ratio, copy, anchor, searchShare, kept }]) =>
      `${clip.name} ${kept ? `kept (${kept})` : `${ratio.toFixed(2)}, VMAF ${copy.vmaf.toFixed(1)}/${anchor.vmaf.toFixed(1)}, XPSNR ${copy.xpsnr.toFixed(1)}/${anchor.xpsnr.toFixed(1)}, search ${(searchShare * 100).toFixed(0)} %`}`,
  );
  const peak = Math.max(...all.map(([, { peakBytes }]) => peakBytes)) / 1024 / 1024;
  return {
    what: `recordings: bytes / x264 ${name} at its SSIM`,
    measured: `${mean(ratios).toFixed(2)} mean, ${Math.max(...ratios).toFixed(2)} worst; ${clips.join('; ')}; peak ${peak.toFixed(0)} MiB`,
    target: `≤ ${meanTarget} mean, ≤ ${worst} worst`,
    holds: mean(ratios) <= meanTarget && Math.max(...ratios) <= worst,
    figures: { all, command: `ffmpeg 9.0.2 -i reference.mp4 -c:v libx264 ${options.join(' ')} anchor.mp4` },
  };
}

/** The service's copy against x264 at the SSIM that x264 reaches, from the same pictures. */
export async function benchRecordings(bench: BenchService): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, options, target } of ANCHORS) {
    const all: [Clip, Measured][] = [];
    for (const clip of CLIPS) all.push([clip, await measure(clip, options, bench)]);
    rows.push(present(name, target, options, all));
  }
  return rows;
}
