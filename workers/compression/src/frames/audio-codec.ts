import { Encoder } from 'node-av/api';
import * as constants from 'node-av/constants';
import { Frame } from 'node-av/lib';
import { PacketDecoder } from '../media/pictures.ts';
import { Refusal } from '../processes/serve-requests.ts';
import { type Format, opusBitrate } from './frames.rules.ts';
import type { CompressedFrame, FrameCodec, RestoredFrame, WantedFrame } from './worker-messages.ts';

const layoutOf = (channels: number) => ({
  nbChannels: channels,
  order: constants.AV_CHANNEL_ORDER_NATIVE,
  mask: channels === 2 ? 3n : 4n,
});

/** PCM to Opus. */
export class AudioCompressor implements FrameCodec<CompressedFrame> {
  #format: Format;
  #encoder: Encoder | undefined;
  #milliseconds = 0;
  #samples = 0n;

  constructor(format: Format) {
    this.#format = format;
  }

  async process(data: Uint8Array): Promise<CompressedFrame> {
    const { sampleRate, channels } = this.#format;
    const samples = data.length / 2 / channels;
    const milliseconds = (samples / sampleRate) * 1_000;
    if (milliseconds !== this.#milliseconds) await this.#restart(milliseconds);
    const timeBase = { num: 1, den: sampleRate };
    const frame = Frame.fromAudioBuffer(Buffer.from(data), {
      nbSamples: samples,
      format: constants.AV_SAMPLE_FMT_S16,
      sampleRate,
      channelLayout: layoutOf(channels),
      timeBase,
    });
    frame.pts = this.#samples;
    this.#samples += BigInt(samples);
    await this.#encoder!.encode(frame).finally(() => frame.free());
    const packet = await this.#encoder!.receive();
    if (!packet || !('data' in packet) || !packet.data) throw new Error('the encoder kept the frame back');
    const result = new Uint8Array(packet.data);
    packet.free();
    return { data: result, codec: 'opus', isKeyframe: true, preset: 10, crf: 0, measured: undefined };
  }

  reset(): void {
    this.#encoder?.close();
    this.#encoder = undefined;
    this.#milliseconds = 0;
  }
  close(): void {
    this.reset();
  }

  async #restart(milliseconds: number): Promise<void> {
    this.reset();
    this.#encoder = await Encoder.create(constants.FF_ENCODER_LIBOPUS, {
      bitrate: opusBitrate(this.#format),
      options: { application: 'voip', frame_duration: milliseconds },
    });
    this.#milliseconds = milliseconds;
  }
}

/** Opus to PCM. */
export class AudioRestorer implements FrameCodec<RestoredFrame> {
  #decoder: PacketDecoder | undefined;

  async process(data: Uint8Array, wanted: WantedFrame): Promise<RestoredFrame> {
    const { sampleRate, channels } = wanted;
    this.#decoder ??= new PacketDecoder('libopus', (context) => {
      context.sampleRate = sampleRate;
      context.channelLayout = layoutOf(channels);
      context.pktTimebase = { num: 1, den: sampleRate } as never;
    });
    const frame = await this.#decoder.decode(data);
    if (!frame) throw new Refusal('no sound can be decoded yet');
    const bytes = frame.nbSamples * frame.channels * 2;
    if (bytes > wanted.maxBytes) throw new Refusal(`the frame has more than ${wanted.maxBytes} bytes`);
    const pcm = new Uint8Array(frame.data![0]!.subarray(0, bytes));
    return { data: pcm, codec: 'pcm_s16le', sampleRate: frame.sampleRate, channels: frame.channels };
  }

  reset(): void {}
  close(): void {
    this.#decoder?.close();
  }
}
