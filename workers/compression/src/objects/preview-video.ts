import { writeFile } from 'node:fs/promises';
import * as constants from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import { PixelConverter } from '../media/pictures.ts';
import { openRecording, readFramesFrom } from '../media/recording.ts';
import { Refusal } from '../processes/serve-requests.ts';
import { encodeImage, makeBlurhash } from './images.ts';
import type { ImageFile, PreviewTask, VideoPreview } from './object-messages.ts';

const STRIP_WIDTH = 160;
/** The first frame is often black. */
const POSTER_AT = 0.1;
const QUALITY = 78;

async function toImage(frame: Frame, converter: PixelConverter): Promise<Sharp> {
  const rgb = await converter.convert(frame, constants.AV_PIX_FMT_RGB24);
  const { width, height } = rgb;
  const image = sharp(rgb.toBuffer(), { raw: { width, height, channels: 3 } });
  rgb.free();
  return image;
}

/** The frame that is shown at a moment, or the first that can be decoded after it. */
async function readFrameAt(input: string, share: number): Promise<Sharp> {
  const recording = await openRecording(input);
  const converter = new PixelConverter();
  try {
    const at = recording.facts.durationSeconds * share;
    for await (const frame of readFramesFrom(recording, at)) {
      try {
        return await toImage(frame, converter);
      } finally {
        frame.free();
      }
    }
    throw new Refusal('no picture of the video can be decoded');
  } finally {
    converter.close();
    await recording.close();
  }
}

async function write(image: Sharp, file: string): Promise<ImageFile> {
  const data = await encodeImage(image, 'webp', QUALITY);
  const { width, height } = await sharp(data).metadata();
  await writeFile(file, data);
  return { width, height, contentType: 'image/webp' };
}

async function makeStrip({ input, stripFrames }: PreviewTask): Promise<Sharp> {
  const tiles: OverlayOptions[] = [];
  let height = 0;
  for (let i = 0; i < stripFrames; i++) {
    const image = await readFrameAt(input, i / stripFrames);
    const { data, info } = await image
      .resize({ width: STRIP_WIDTH })
      .png({ compressionLevel: 1 })
      .toBuffer({ resolveWithObject: true });
    height = info.height;
    tiles.push({ input: data, left: i * STRIP_WIDTH, top: 0 });
  }
  const background = { r: 0, g: 0, b: 0 };
  return sharp({ create: { width: stripFrames * STRIP_WIDTH, height, channels: 3, background } }).composite(
    tiles,
  );
}

export async function previewVideo(task: PreviewTask): Promise<VideoPreview> {
  const recording = await openRecording(task.input);
  const { facts } = recording;
  await recording.close();
  const picture = await readFrameAt(task.input, POSTER_AT);
  const poster = picture.clone().resize({ width: task.maxWidth, withoutEnlargement: true });
  return {
    ...facts,
    poster: await write(poster, task.poster),
    strip: task.strip ? await write(await makeStrip(task), task.strip) : undefined,
    blurhash: await makeBlurhash(picture.clone()),
  };
}
