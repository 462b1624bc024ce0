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
const run = promisify(execFile);

async function readSsim(copy: string, reference: string): Promise<number> {
  const { text } = await runFfmpeg([
    '-i',
    copy,
    '-i',
    reference,
    '-lavfi',
    '[0]format=yuv444p[a];[1]format=yuv444p[b];[a][b]ssim',
    '-f',
    'null',
    '-',
  ]);
  return Number(/SSIM Y:([\d.]+)/.exec(text)?.[1]);
}

async function readSsimulacra2(copy: string, reference: string): Promise<number> {
  const { stdout } = await run(SSIMULACRA2, ['image', reference, copy]);
  return Number(/(-?[\d.]+)\s*$/.exec(stdout.trim())?.[1]);
}

/** AVIF of the service against mozjpeg at quality 80, at the SSIM that mozjpeg reaches. */
export async function benchImages({ folder, compress }: BenchService): Promise<Row[]> {
  const ratios: number[] = [];
  const margins: number[] = [];
  const scores: number[] = [];
  const probes: number[] = [];
  for (const file of await listPhotographs()) {
    const at = (name: string) => join(folder, name);
    // Half its size, so that marks of the original's own compression are gone.
    const reference = await sharp(file)
      .removeAlpha()
      .resize(EDGE, EDGE, { fit: 'inside', withoutEnlargement: true })
      .png()
      .toBuffer();
    await writeFile(at('reference.png'), reference);
    const jpeg = await sharp(reference).jpeg({ quality: 80, mozjpeg: true }).toBuffer();
    await writeFile(at('mozjpeg.jpg'), jpeg);
    const toPng = (from: Buffer | string, to: string) =>
      sharp(from).removeAlpha().png({ compressionLevel: 1 }).toFile(at(to));
    await toPng(jpeg, 'mozjpeg.png');
    const asked = await readSsim(at('mozjpeg.png'), at('reference.png'));
    const settings = {
      case: 'image' as const,
      value: { format: ImageFormat.AVIF, minSsim: Math.min(asked, 0.999) },
    };
    const result = await compress('reference.png', 'copy.avif', settings);
    if (result.outcome !== ObjectOutcome.COMPRESSED) {
      console.error(`${basename(file)}: kept, ${result.detail}`);
      continue;
    }
    await toPng(at('copy.avif'), 'copy.png');
    const { size } = await stat(at('copy.avif'));
    ratios.push(size / jpeg.length);
    probes.push(result.probes);
    margins.push((await readSsim(at('copy.png'), at('reference.png'))) - asked);
    if (!existsSync(SSIMULACRA2)) continue;
    scores.push(
      (await readSsimulacra2(at('copy.png'), at('reference.png'))) -
        (await readSsimulacra2(at('mozjpeg.png'), at('reference.png'))),
    );
  }
  const ssimulacra = scores.length
    ? `SSIMULACRA2 ${median(scores).toFixed(1)} points beside it (median)`
    : 'SSIMULACRA2 not measured: its program is missing';
  return [
    {
      what: 'images: AVIF / mozjpeg q80, bytes at the SSIM of mozjpeg',
      measured: `${median(ratios).toFixed(3)} (median of ${ratios.length}, worst ${Math.max(...ratios).toFixed(3)}); SSIM ${median(margins).toFixed(4)} above; at most ${Math.max(...probes)} probes; ${ssimulacra}`,
      target: '≤ 0.42',
      holds: median(ratios) <= 0.42 && Math.max(...probes) <= 4 && ratios.length >= 20,
      figures: {
        ratios,
        margins,
        scores,
        probes,
        command: 'sharp(reference).jpeg({ quality: 80, mozjpeg: true })',
      },
    },
  ];
}
