import type { Sharp } from 'sharp';
import type { LumaPlane } from './ssim.ts';

/** Y of BT.601 in 16 to 235, in 65,536ths of red, green and blue. */
const RED = 16_829;
const GREEN = 33_039;
const BLUE = 6_416;
const HALF = 32_768;
const BLACK = 16;

/**
 * Luma of a still image as video has it and FFmpeg makes it, so that an SSIM means the same for both. The grey of libvips is
 * another: it mixes linear light and fills 0 to 255, and gives the same pictures up to 0.015 less.
 */
export async function readImageLuma(image: Sharp): Promise<LumaPlane> {
  const { data, info } = await image
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const luma = new Uint8Array(width * height);
  const [green, blue] = channels < 3 ? [0, 0] : [1, 2]; // a grey image has one channel
  for (let i = 0, j = 0; i < luma.length; i++, j += channels)
    luma[i] = BLACK + ((RED * data[j]! + GREEN * data[j + green]! + BLUE * data[j + blue]! + HALF) >> 16);
  return { data: luma, stride: width, width, height };
}
