import {
  AVFMT_FLAG_CUSTOM_IO,
  AV_CHANNEL_LAYOUT_STEREO,
  AV_PIX_FMT_YUV420P,
  AV_SAMPLE_FMT_S16,
  Encoder,
  FF_ENCODER_AAC,
  FF_ENCODER_LIBOPUS,
  FF_ENCODER_LIBVPX_VP8,
  FF_ENCODER_LIBX264,
  type FFEncoderCodec,
  Frame,
  Muxer,
  type Packet,
} from 'node-av';
import { BLOCK_SAMPLES, SAMPLE_RATE } from './audio-mixer.ts';
import type { Picture } from './canvas.ts';
import type { SegmentPlan } from './plan.ts';

export type Extension = '.mp4' | '.ogg' | '.webm' | '.flv' | '.whip';

/** The encoders of the streams of a file, by its extension. */
const ENCODERS: Readonly<Record<Extension, { audio: FFEncoderCodec; video?: FFEncoderCodec }>> = {
  '.mp4': { audio: FF_ENCODER_AAC, video: FF_ENCODER_LIBX264 },
  '.flv': { audio: FF_ENCODER_AAC, video: FF_ENCODER_LIBX264 },
  // What a program sends by WHIP.
  '.whip': { audio: FF_ENCODER_LIBOPUS, video: FF_ENCODER_LIBX264 },
  '.ogg': { audio: FF_ENCODER_LIBOPUS },
  '.webm': { audio: FF_ENCODER_LIBOPUS, video: FF_ENCODER_LIBVPX_VP8 },
};

/** Seconds from one key frame to the next, so that a player can seek. */
const KEY_FRAME_SECONDS = 4;

const VIDEO_OPTIONS: Record<string, Record<string, string>> = {
  libx264: { preset: 'veryfast', profile: 'main' },
  libvpx: { deadline: 'realtime', 'cpu-used': '8' },
};

export interface FileSettings {
  /** Path without the extension. */
  file: string;
  extension: Extension;
  /** Addresses that it is sent to instead of the file. */
  url?: string;
  /** Outputs instead of the file. */
  segments?: SegmentPlan;
  hasAudio: boolean;
  hasVideo: boolean;
  frameRate: number;
  audioBps: number;
  videoBps: number;
}

interface Stream {
  encoder: Encoder;
  index: number;
}

const formatOf = (url: string) => {
  if (url.startsWith('http:')) return 'whip';
  return url.startsWith('srt:') ? 'mpegts' : 'flv';
};

/** Opens the output. If it is not one file, each packet is awaited, because a failure in the background could not be caught. */
function openMuxer({ file, extension, url, segments }: FileSettings): Promise<Muxer> {
  if (segments) {
    const options = {
      hls_time: String(segments.seconds),
      hls_list_size: '0',
      // An incomplete file has another name.
      hls_flags: 'temp_file',
      hls_segment_filename: `${segments.folder}/${segments.name}_%05d.ts`,
    };
    return Muxer.open(`${segments.folder}/index.m3u8`, { format: 'hls', useAsyncWrite: false, options });
  }
  if (url) return Muxer.open(url, { format: formatOf(url), useAsyncWrite: false });
  const faststart = extension === '.mp4' ? { options: { movflags: '+faststart' } } : {};
  return Muxer.open(`${file}${extension}`, faststart);
}

/** Encodes sound and pictures into one file. */
export class FileWriter {
  readonly #muxer: Muxer;
  readonly #frameRate: number;
  #audio: Stream | undefined;
  #video: Stream | undefined;
  #samples = 0;

  private constructor(muxer: Muxer, frameRate: number) {
    this.#muxer = muxer;
    this.#frameRate = frameRate;
  }

  static async open(settings: FileSettings): Promise<FileWriter> {
    const writer = new FileWriter(await openMuxer(settings), settings.frameRate);
    // All streams are added before anything is encoded: the encoders read from the container how to write headers.
    if (settings.hasVideo) writer.#video = await writer.#addVideo(settings);
    if (settings.hasAudio) writer.#audio = await writer.#addAudio(settings);
    return writer;
  }

  /** The next 20 ms of sound. */
  async writeAudio(block: Int16Array): Promise<void> {
    if (!this.#audio) return;
    using frame = Frame.fromAudioBuffer(Buffer.from(block.buffer), {
      nbSamples: BLOCK_SAMPLES,
      format: AV_SAMPLE_FMT_S16,
      sampleRate: SAMPLE_RATE,
      channelLayout: AV_CHANNEL_LAYOUT_STEREO,
      timeBase: { num: 1, den: SAMPLE_RATE },
      pts: BigInt(this.#samples),
    });
    this.#samples += BLOCK_SAMPLES;
    await this.#encode(this.#audio, frame);
  }

  /** A picture; its number says when it is shown. */
  async writeVideo({ data, width, height }: Picture, number: number): Promise<void> {
    if (!this.#video) return;
    using frame = Frame.fromVideoBuffer(Buffer.from(data.buffer, data.byteOffset, data.byteLength), {
      width,
      height,
      format: AV_PIX_FMT_YUV420P,
      timeBase: { num: 1, den: this.#frameRate },
      pts: BigInt(number),
    });
    await this.#encode(this.#video, frame);
  }

  /** Writes the rest from the encoders, and the end of the file. The file is closed even when that fails. */
  async close(): Promise<void> {
    try {
      for (const { encoder, index } of [this.#video, this.#audio].filter((each) => each !== undefined))
        for await (const packet of encoder.flushPackets()) await this.#write(packet, index);
    } finally {
      // FFmpeg sets this flag itself, and the muxer would then leave the connection open.
      this.#muxer.getFormatContext().clearFlags(AVFMT_FLAG_CUSTOM_IO);
      await this.#muxer.close();
      this.#video?.encoder.close();
      this.#audio?.encoder.close();
    }
  }

  async #addVideo({ extension, frameRate, videoBps, segments }: FileSettings): Promise<Stream> {
    const codec = ENCODERS[extension].video;
    if (codec === undefined) throw new Error(`a file with ${extension} has no video`);
    const encoder = await Encoder.create(codec, {
      bitrate: videoBps,
      // A segment begins with a key frame.
      gopSize: Math.min(KEY_FRAME_SECONDS, segments?.seconds ?? Infinity) * frameRate,
      threadCount: 1,
      // WHIP takes no pictures that refer to later ones.
      options: { ...VIDEO_OPTIONS[codec], ...(extension === '.whip' ? { profile: 'baseline' } : {}) },
    });
    return { encoder, index: this.#muxer.addStream(encoder) };
  }

  async #addAudio({ extension, audioBps }: FileSettings): Promise<Stream> {
    const encoder = await Encoder.create(ENCODERS[extension].audio, {
      bitrate: audioBps,
      autoResample: true,
    });
    return { encoder, index: this.#muxer.addStream(encoder) };
  }

  async #encode({ encoder, index }: Stream, frame: Frame): Promise<void> {
    for (const packet of await encoder.encodeAll(frame)) await this.#write(packet, index);
  }

  async #write(packet: Packet, index: number): Promise<void> {
    await this.#muxer.writePacket(packet, index);
    packet.free();
  }
}
