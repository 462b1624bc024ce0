import { type Decoder, Encoder } from 'node-av/api';
import * as constants from 'node-av/constants';
import type { Packet, Stream } from 'node-av/lib';
import type { VideoTask } from './object-messages.ts';
import { MUCH_PIXELS, toCrf } from './title.rules.ts';

/** Frames from one key frame to the next, as with x264: a player decodes as many to seek, whatever the rate of frames. */
const KEY_FRAME_EVERY = 250;

/** Parameters of the encoders that the search and the encoding share. */
export function createVideoEncoder(
  task: VideoTask,
  setting: number,
  { decoder, stream }: { decoder: Decoder; stream: Stream },
): Promise<Encoder> {
  const shared = {
    decoder,
    bitrate: 0,
    gopSize: KEY_FRAME_EVERY,
    // Times of frames stay as they are, also where frames are not evenly apart.
    configure: (context: { timeBase: unknown }) => {
      context.timeBase = stream.timeBase;
    },
  };
  if (task.codec === 'h264')
    return Encoder.create(constants.FF_ENCODER_LIBX264, {
      ...shared,
      threadCount: 2,
      options: { preset: 'medium', crf: toCrf(setting) },
    });
  // So that it stays below 1 GiB, the encoder looks less far ahead in large pictures.
  const isLarge = stream.codecpar.width * stream.codecpar.height > MUCH_PIXELS;
  return Encoder.create(constants.FF_ENCODER_LIBSVTAV1, {
    ...shared,
    options: {
      preset: task.preset,
      crf: toCrf(setting),
      'svtav1-params': `tune=2:lp=2${isLarge ? ':lookahead=24' : ''}`,
    },
  });
}

/** Packets that an encoder has ready. The caller frees each. */
export async function* receivePackets(encoder: Encoder): AsyncGenerator<Packet> {
  for (;;) {
    const packet = await encoder.receive();
    if (!packet || !('data' in packet)) return;
    yield packet;
  }
}
