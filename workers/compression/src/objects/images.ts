import { stat, writeFile } from 'node:fs/promises';
import { encode as encodeBlurhash } from 'blurhash';
import sharp, { type AvifOptions, type Sharp } from 'sharp';
import { readImageLuma } from '../media/image-luma.ts';
import { computeSsim, type LumaPlane } from '../media/ssim.ts';
import { Refusal } from '../processes/serve-requests.ts';
import type { CompressedObject, ImageCopies, ImageFile, ImageTask, VariantsTask } from './object-messages.ts';
import { chooseProbe, type Probe, type SettingRange } from './search.rules.ts';

/** An image of 8192 × 4096, whose pixels take 100 MB. */
const MAX_PIXELS = 33_554_432;
const MAX_PROBES = 4;
const TIMEOUT_SECONDS = 300;
/** Quality that is really different: AV1 has 63 levels of it. */
const LEVELS = { avif: 63, webp: 100 } as const;
const RANGES: Readonly<Record<ImageTask['format'], SettingRange>> = {
  avif: { lowest: 13, highest: 60, first: 36, slope: 0.08, flattening: 0.03 },
  webp: { lowest: 20, highest: 98, first: 76, slope: 0.025 },
};
const DEFAULT_QUALITY = { avif: 60, webp: 78, jpeg: 78 } as const;
const FORMATS = ['jpeg', 'png', 'webp', 'heif', 'gif', 'tiff'];
/** Components of the BlurHash, and the size of the picture that it is made of. */
const BLURHASH = { columns: 4, rows: 3, edge: 32 };

sharp.cache(false);
sharp.concurrency(2);

/** Opens an image of the type that its content shows, upright. @throws Refusal for what is no image, too large or moves */
export async function openImage(input: string): Promise<{ open: () => Sharp; format: string }> {
  const options = { limitInputPixels: MAX_PIXELS, failOn: 'truncated', sequentialRead: true } as const;
  const metadata = await sharp(input, options)
    .metadata()
    .catch((error: Error) => {
      throw new Refusal(`the image cannot be read: ${error.message}`);
    });
  const { width, height, format, pages = 1 } = metadata;
  if (!FORMATS.includes(format)) throw new Refusal(`images in the format ${format} are not read`);
  if (width * height > MAX_PIXELS) throw new Refusal(`the image has more than ${MAX_PIXELS} pixels`);
  if (pages > 1) throw new Refusal('the image moves or has pages: only still ones are read');
  return { open: () => sharp(input, options).rotate().timeout({ seconds: TIMEOUT_SECONDS }), format };
}

/**
 * 10 bits, which all decoders of AVIF have, and tuned for SSIM: together 15 % smaller at equal SSIM and SSIMULACRA2 than
 * what libheif chooses. More effort takes twice the time for 1 %.
 */
const AVIF: AvifOptions = { effort: 4, chromaSubsampling: '4:2:0', bitdepth: 10, tune: 'ssim' };

export function encodeImage(
  image: Sharp,
  format: 'avif' | 'webp' | 'jpeg',
  quality: number,
): Promise<Buffer> {
  if (format === 'avif') return image.avif({ quality, ...AVIF }).toBuffer();
  if (format === 'webp') return image.webp({ quality, effort: 4 }).toBuffer();
  return image.jpeg({ quality, mozjpeg: true }).toBuffer();
}

const refuseUnreadable = (error: Error) => {
  throw new Refusal(`the image cannot be read: ${error.message}`);
};

const toQuality = (format: ImageTask['format'], setting: number) =>
  Math.round((setting * 100) / LEVELS[format]);

async function searchQuality(open: () => Sharp, original: LumaPlane, { format, minSsim }: ImageTask) {
  const probes: (Probe & { data: Buffer })[] = [];
  while (probes.length < MAX_PROBES) {
    const setting = chooseProbe(probes, minSsim, RANGES[format]);
    if (setting === undefined) break;
    const data = await encodeImage(open(), format, toQuality(format, setting));
    probes.push({ setting, ssim: computeSsim(original, await readImageLuma(sharp(data))), data });
  }
  return probes;
}

/** The smallest encoding that reaches the SSIM, found with at most four. Its metadata stays behind. */
export async function compressImage(task: ImageTask): Promise<CompressedObject> {
  const { format, minSsim } = task;
  const startedAt = process.cpuUsage();
  const { open } = await openImage(task.input);
  const original = await readImageLuma(open()).catch(refuseUnreadable);
  const probes = await searchQuality(open, original, task);
  const reaching = probes.filter(({ ssim }) => ssim >= minSsim).sort((a, b) => a.data.length - b.data.length);
  const best = reaching[0] ?? probes.sort((a, b) => b.ssim - a.ssim)[0]!;
  const quality = toQuality(format, best.setting);
  await writeFile(task.output, best.data);
  const { user, system } = process.cpuUsage(startedAt);
  const { size } = await stat(task.input);
  const kept =
    best.ssim < minSsim
      ? ({
          reason: 'quality_not_reached',
          detail: `SSIM ${best.ssim.toFixed(4)} at quality ${quality}`,
        } as const)
      : best.data.length >= size
        ? ({ reason: 'not_smaller', detail: `${best.data.length} bytes` } as const)
        : undefined;
  return {
    kept,
    bytes: best.data.length,
    contentType: `image/${format}`,
    codec: format,
    preset: 4,
    setting: quality,
    quality: { ssim: best.ssim, lowestSsim: best.ssim, xpsnr: 0, frames: 1 },
    durationSeconds: 0,
    width: original.width,
    height: original.height,
    cpuMs: { search: (user + system) / 1_000, encode: 0, verify: 0 },
    probes: probes.length,
  };
}

export async function makeBlurhash(image: Sharp): Promise<string> {
  const { edge, columns, rows } = BLURHASH;
  const small = image.resize(edge, edge, { fit: 'inside' }).ensureAlpha().raw();
  const { data, info } = await small.toBuffer({ resolveWithObject: true });
  return encodeBlurhash(new Uint8ClampedArray(data), info.width, info.height, columns, rows);
}

/** Copies of an image in other sizes and formats. Its metadata, such as where it was taken, stays behind. */
export async function makeVariants(task: VariantsTask): Promise<ImageCopies> {
  const { open, format } = await openImage(task.input);
  const files: ImageFile[] = [];
  for (const { format: wanted, maxWidth, maxHeight, quality, output } of task.variants) {
    const edges = { width: maxWidth || undefined, height: maxHeight || undefined };
    const resized = open().resize({ ...edges, fit: 'inside', withoutEnlargement: true });
    const data = await encodeImage(resized, wanted, quality || DEFAULT_QUALITY[wanted]).catch(
      refuseUnreadable,
    );
    const { width, height } = await sharp(data).metadata();
    await writeFile(output, data);
    files.push({ width, height, contentType: `image/${wanted}` });
  }
  const { info } = await open().resize(1, 1).toBuffer({ resolveWithObject: true }).catch(refuseUnreadable);
  const { autoOrient } = await sharp(task.input, { limitInputPixels: MAX_PIXELS }).metadata();
  const blurhash = task.blurhash ? await makeBlurhash(open()) : '';
  const name = format === 'heif' ? 'avif' : format;
  return {
    width: autoOrient?.width ?? info.width,
    height: autoOrient?.height ?? info.height,
    format: name,
    files,
    blurhash,
  };
}
