import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { ImageFormat, ObjectOutcome } from '../generated/auralink/aic/v1/objects_pb.js';
import { listPhotographs, runFfmpeg } from './media.ts';
import { type BenchService, median, type Row } from './service.ts';

const EDGE = 900;
/** `cargo install ssimulacra2_rs --no-default-features` */
const SSIMULACRA2 = join(homedir(), '.cargo/bin/ssimulacra2_rs');
const COMMAND = 'sharp(reference).jpeg({ quality: 80, mozjpeg: true })';
const run = promisify(execFile);

interface Judged {
  bytes: number;
  /** SSIM of luma, and of all three planes, as FFmpeg says them. */
  ssim: number;
  all: number;
  /** SSIMULACRA2. */
  score: number;
}

const toScale = (ssim: number) => -Math.log(1 - ssim);
const SCALES = {
  ssim: ({ ssim }: Judged) => toScale(ssim),
  all: ({ all }: Judged) => toScale(all),
  score: ({ score }: Judged) => score,
};

async function judge(image: Buffer | string, bytes: number, folder: string): Promise<Judged> {
  const at = (name: string) => join(folder, name);
  await sharp(image).removeAlpha().png({ compressionLevel: 1 }).toFile(at('seen.png'));
  const graph = '[0]format=yuv444p[a];[1]format=yuv444p[b];[a][b]ssim';
  const files = ['-i', at('seen.png'), '-i', at('reference.png')];
  const { text } = await runFfmpeg([...files, '-lavfi', graph, '-f', 'null', '-']);
  const read = (pattern: RegExp) => Number(pattern.exec(text)?.[1]);
  const { stdout } = existsSync(SSIMULACRA2)
    ? await run(SSIMULACRA2, ['image', at('reference.png'), at('seen.png')])
    : { stdout: 'NaN' };
  const score = Number(/(-?[\d.]+)\s*$/.exec(stdout.trim())?.[1]);
  return { bytes, ssim: read(/SSIM Y:([\d.]+)/), all: read(/All:([\d.]+)/), score };
}

/** Bytes at which a line through two copies has the quality of a third, by one of the scales. */
function bytesAt(scale: (judged: Judged) => number, [a, b]: [Judged, Judged], wanted: Judged): number {
  const share = (scale(wanted) - scale(a)) / (scale(b) - scale(a));
  return Math.exp(Math.log(a.bytes) + share * (Math.log(b.bytes) - Math.log(a.bytes)));
}

interface Measured {
  file: string;
  /** Ratio of the copy at the requested SSIM. */
  ratio: number;
  /** Ratios at equal quality, interpolated between two copies of the service. */
  equal: Record<keyof typeof SCALES, number>;
  margin: number;
  probes: number;
}

async function measure(file: string, { folder, compress }: BenchService): Promise<Measured | undefined> {
  // Smaller, so that marks of the original's own compression are gone.
  const reference = await sharp(file)
    .removeAlpha()
    .resize(EDGE, EDGE, { fit: 'inside', withoutEnlargement: true })
    .png()
    .toBuffer();
  await writeFile(join(folder, 'reference.png'), reference);
  const jpeg = await sharp(reference).jpeg({ quality: 80, mozjpeg: true }).toBuffer();
  const anchor = await judge(jpeg, jpeg.length, folder);
  const copyAt = async (minSsim: number) => {
    const value = { format: ImageFormat.AVIF, minSsim: Math.min(minSsim, 0.999) };
    const result = await compress('reference.png', 'copy.avif', { case: 'image', value });
    if (result.outcome !== ObjectOutcome.COMPRESSED) return undefined;
    const copy = join(folder, 'copy.avif');
    return { probes: result.probes, judged: await judge(copy, (await stat(copy)).size, folder) };
  };
  const asked = await copyAt(anchor.ssim);
  // On the side on which SSIMULACRA2 has the quality of the JPEG.
  const step = (asked?.judged.score ?? 0) > anchor.score ? -0.3 : 0.3;
  const beside = await copyAt(1 - (1 - anchor.ssim) * Math.exp(-step));
  if (!asked || !beside) return undefined;
  const pair: [Judged, Judged] = [asked.judged, beside.judged];
  const equal = (name: keyof typeof SCALES) => bytesAt(SCALES[name], pair, anchor) / jpeg.length;
  return {
    file: basename(file),
    ratio: asked.judged.bytes / jpeg.length,
    equal: { ssim: equal('ssim'), all: equal('all'), score: equal('score') },
    margin: asked.judged.ssim - anchor.ssim,
    probes: Math.max(asked.probes, beside.probes),
  };
}

/** AVIF of the service against mozjpeg at quality 80. */
export async function benchImages(bench: BenchService, count = Number.POSITIVE_INFINITY): Promise<Row[]> {
  const all: Measured[] = [];
  const files = await listPhotographs();
  // Spread over the list, which has the photographs of one hand beside each other.
  const every = Math.max(1, Math.floor(files.length / count));
  for (const file of files.filter((_, i) => i % every === 0).slice(0, count)) {
    const measured = await measure(file, bench);
    if (measured) all.push(measured);
    console.error(measured ? JSON.stringify(measured) : `${basename(file)}: kept`);
  }
  const ratios = all.map(({ ratio }) => ratio);
  const probes = Math.max(...all.map((each) => each.probes));
  const scores = all.map(({ equal }) => equal.score);
  const planes = all.map(({ equal }) => equal.all);
  return [
    {
      what: 'images: AVIF / mozjpeg q80, bytes at its SSIM of luma',
      measured: `${median(ratios).toFixed(3)} (median of ${ratios.length}, ${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}); SSIM ${median(all.map(({ margin }) => margin)).toFixed(4)} above; ${median(planes).toFixed(3)} at equal SSIM of luma and colours`,
      target: '≤ 0.42',
      holds: median(ratios) <= 0.42 && ratios.length >= 20,
      figures: { all, command: COMMAND },
    },
    {
      what: 'images: AVIF / mozjpeg q80, bytes at its SSIMULACRA2',
      measured: existsSync(SSIMULACRA2)
        ? `${median(scores).toFixed(3)} (median of ${scores.length}, ${Math.min(...scores).toFixed(3)} to ${Math.max(...scores).toFixed(3)})`
        : 'not measured: its program is missing',
      target: '≤ 0.58',
      holds: median(scores) <= 0.58 && scores.length >= 20,
      figures: { command: COMMAND },
    },
    {
      what: 'images: encodings for each',
      measured: `at most ${probes}`,
      target: '≤ 4',
      holds: probes <= 4,
      figures: {},
    },
  ];
}
