import { writeFile } from 'node:fs/promises';
import { Encoder, Muxer } from 'node-av/api';
import * as constants from 'node-av/constants';
import { Frame } from 'node-av/lib';
import sharp from 'sharp';
import { drawPicture, makeTone } from './kit.ts';

const FPS = 25;

/** A recording in H.264 of far higher quality than it needs, with or without sound. */
export async function writeRecording(
  file: string,
  { width = 320, height = 192, frames = 60, crf = 2, sound = true } = {},
): Promise<void> {
  const muxer = await Muxer.open(file, { format: 'mp4' });
  const video = await Encoder.create(constants.FF_ENCODER_LIBX264, {
    options: { preset: 'ultrafast', crf },
  });
  const audio = await Encoder.create(constants.FF_ENCODER_AAC, { bitrate: 128_000, autoResample: true });
  const videoIndex = muxer.addStream(video);
  const audioIndex = sound ? muxer.addStream(audio) : -1;
  const write = async (encoder: Encoder, index: number, frame: Frame | null) => {
    for (const packet of frame
      ? await encoder.encodeAll(frame)
      : await Array.fromAsync(encoder.flushPackets()))
      await muxer.writePacket(packet, index);
    frame?.free();
  };
  const second = { sampleRate: 48_000, format: constants.AV_SAMPLE_FMT_S16 };
  const mono = { nbChannels: 1, order: constants.AV_CHANNEL_ORDER_NATIVE, mask: 4n };
  for (let i = 0; i < frames; i++) {
    const picture = Frame.fromVideoBuffer(Buffer.from(drawPicture(width, height, i)), {
      width,
      height,
      format: constants.AV_PIX_FMT_YUV420P,
      timeBase: { num: 1, den: FPS },
    });
    picture.pts = BigInt(i);
    await write(video, videoIndex, picture);
    if (!sound) continue;
    const tone = Buffer.from(makeTone({ milliseconds: 40, frame: i }));
    const timeBase = { num: 1, den: 48_000 };
    const samples = Frame.fromAudioBuffer(tone, {
      ...second,
      nbSamples: 1_920,
      channelLayout: mono,
      timeBase,
    });
    samples.pts = BigInt(i * 1_920);
    await write(audio, audioIndex, samples);
  }
  await write(video, videoIndex, null);
  if (sound) await write(audio, audioIndex, null);
  await muxer.close(); // before the encoders, whose parameters it writes
  video.close();
  audio.close();
}

/** A picture with gradients, edges and texture, as a JPEG with a place in its metadata. */
export async function writePhotograph(file: string, { width = 240, height = 160 } = {}) {
  const pixels = Buffer.alloc(width * height * 3);
  let noise = 7;
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    noise = (noise * 1_103_515_245 + 12_345) & 0x7fffffff;
    const isDisc = (x - width / 3) ** 2 + (y - height / 2) ** 2 < (height / 4) ** 2;
    pixels[i * 3] = (x * 255) / width + (noise >> 27);
    pixels[i * 3 + 1] = isDisc ? 200 : (y * 180) / height;
    pixels[i * 3 + 2] = ((x + y) % 64) * 2;
  }
  const image = sharp(pixels, { raw: { width, height, channels: 3 } }).withExif({
    IFD0: { Make: 'a camera', Orientation: '1' },
    IFD3: { GPSLatitude: '52/1 31/1 0/1', GPSLatitudeRef: 'N' },
  });
  await writeFile(file, await image.jpeg({ quality: 97 }).toBuffer());
}
