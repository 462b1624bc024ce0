import { Encoder } from 'node-av/api';
import * as constants from 'node-av/constants';
import { Frame } from 'node-av/lib';
import { I420, PacketDecoder, PixelConverter } from '../media/pictures.ts';
import { Refusal } from '../processes/serve-requests.ts';
import {
  adjustCrf,
  DECIDING_FRAMES,
  ENCODED_VIDEO,
  firstCrf,
  type Format,
  livePresetOf,
  rawBytes,
} from './frames.rules.ts';
import { QualityCheck } from './quality-check.ts';
import type { CompressedFrame, FrameCodec, RestoredFrame, WantedFrame } from './worker-messages.ts';

const KEY_FRAME_SECONDS = 10;
/**
 * One in so many frames is compared. All are decoded, because each needs those before it. Not a multiple of 4, the encoder's cycle of better and
 * worse frames: each kind is compared.
 */
const SAMPLED = 29;

const buffer = (data: Uint8Array) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** Pictures to AV1, with one encoder. */
export class VideoCompressor implements FrameCodec<CompressedFrame> {
  #format: Format;
  #encoder: Encoder | undefined;
  #input: PacketDecoder | undefined;
  #check: QualityCheck | undefined;
  #converter = new PixelConverter();
  #crf: number;
  #size = '';
  #frames = 0;
  #since = { raw: 0, compressed: 0, ssims: [] as number[] };
  #measured: CompressedFrame['measured'];

  constructor(format: Format) {
    this.#format = format;
    this.#crf = firstCrf(format);
    const decoder = ENCODED_VIDEO[format.codec];
    if (decoder) this.#input = new PacketDecoder(decoder);
  }

  async process(data: Uint8Array): Promise<CompressedFrame> {
    await this.#check?.keepUp();
    const { isSingle } = this.#format;
    const isSampled = this.#frames % SAMPLED === 0 || isSingle;
    const picture = await this.#read(data, isSampled);
    let isKept = false;
    try {
      const { width, height } = picture;
      if (width % 2 || height % 2 || width < 16 || height < 16)
        throw new Refusal('width and height of a picture are even and at least 16');
      if (`${width}×${height}` !== this.#size) await this.#restart(width, height);
      const crf = this.#crf;
      const packet = await this.#encode(picture);
      this.#frames++;
      this.#since.raw += data.length;
      this.#since.compressed += packet.data.length;
      isKept = isSampled;
      const measuring = this.#measure(packet.data, isSampled ? picture : undefined);
      if (isSingle) await measuring;
      const measured = this.#measured;
      this.#measured = undefined;
      return { ...packet, codec: 'av1', preset: livePresetOf(this.#format.kind), crf, measured };
    } finally {
      if (!isKept) picture.free();
    }
  }

  /** The next frame is a key frame. */
  reset(): void {
    this.#encoder?.close();
    this.#check?.close();
    this.#encoder = this.#check = undefined;
    this.#size = '';
  }

  close(): void {
    this.reset();
    this.#input?.close();
    this.#converter.close();
  }

  async #read(data: Uint8Array, isSampled: boolean): Promise<Frame> {
    const { codec, width, height } = this.#format;
    const timeBase = { num: 1, den: this.#format.fps };
    if (!this.#input) {
      const format = codec === 'rgba' ? constants.AV_PIX_FMT_RGBA : I420;
      const frame = Frame.fromVideoBuffer(buffer(data), { width, height, format, timeBase });
      // Its pixels are those of `data`, which may be gone before they are measured: then they are copied.
      if (format === I420 && !isSampled) return frame;
      return this.#converter.convert(frame, I420).finally(() => frame.free());
    }
    const decoded = await this.#input.decode(data);
    if (!decoded) throw new Refusal('no picture can be decoded yet');
    return this.#converter.convert(decoded, I420);
  }

  async #restart(width: number, height: number): Promise<void> {
    this.reset();
    const { fps, isSingle, maxBitrate, kind } = this.#format;
    const threads = width * height > 640 * 360 ? 2 : 1;
    const screen = kind === 'screen' ? ':scm=1' : '';
    this.#encoder = await Encoder.create(constants.FF_ENCODER_LIBSVTAV1, {
      bitrate: 0,
      gopSize: isSingle ? 1 : fps * KEY_FRAME_SECONDS,
      ...(maxBitrate > 0 && !isSingle ? { maxRate: maxBitrate, bufSize: maxBitrate } : {}),
      options: {
        preset: livePresetOf(kind),
        crf: this.#crf,
        // Not `rtc=1`: with CRF 44 and more SVT-AV1 3.1.2 then writes frames that no decoder takes.
        'svtav1-params': `pred-struct=1:lp=${threads}${screen}`,
      },
    });
    this.#check = new QualityCheck();
    this.#size = `${width}×${height}`;
    this.#since = { raw: 0, compressed: 0, ssims: [] };
  }

  async #encode(picture: Frame): Promise<{ data: Uint8Array; isKeyframe: boolean }> {
    picture.pts = BigInt(this.#frames);
    picture.timeBase = { num: 1, den: this.#format.fps } as never;
    await this.#encoder!.encode(picture);
    const packet = await this.#encoder!.receive();
    if (!packet || !('data' in packet) || !packet.data) throw new Error('the encoder kept the frame back');
    const result = { data: new Uint8Array(packet.data), isKeyframe: packet.isKeyframe };
    packet.free();
    return result;
  }

  /** Measures a frame, or only follows it. The next one is a key frame where its quality asks for another setting, or nothing can decode it. */
  async #measure(packet: Uint8Array, picture: Frame | undefined): Promise<void> {
    const frame = this.#frames - 1;
    const check = this.#check!;
    const isCurrent = () => check === this.#check;
    try {
      const ssim = await check.follow(packet, picture);
      if (ssim === undefined) return;
      this.#measured = { ssim, frame };
      if (isCurrent() && !this.#format.isSingle) this.#adjust(ssim);
    } catch {
      if (isCurrent()) this.#size = '';
    }
  }

  #adjust(ssim: number): void {
    const { raw, compressed, ssims } = this.#since;
    ssims.push(ssim);
    const ratio = 1 - compressed / raw;
    const crf = adjustCrf(this.#format, { crf: this.#crf, ssims: ssims.slice(-DECIDING_FRAMES), ratio });
    if (crf !== this.#crf) this.#size = '';
    this.#crf = crf;
  }
}

/** AV1 to pictures. */
export class VideoRestorer implements FrameCodec<RestoredFrame> {
  #decoder: PacketDecoder;
  #converter = new PixelConverter();
  constructor(codec: string) {
    this.#decoder = new PacketDecoder(ENCODED_VIDEO[codec]!);
  }

  async process(data: Uint8Array, { codec, maxBytes }: WantedFrame): Promise<RestoredFrame> {
    const decoded = await this.#decoder.decode(data);
    if (!decoded) throw new Refusal('no picture can be decoded yet');
    const { width, height } = decoded;
    if (rawBytes(codec, width, height) > maxBytes)
      throw new Refusal(`the frame has more than ${maxBytes} bytes`);
    if (codec !== 'rgba' && decoded.format === I420)
      return { data: decoded.toBuffer(), width, height, codec: 'i420' };
    const format = codec === 'rgba' ? constants.AV_PIX_FMT_RGBA : I420;
    const converted = await this.#converter.convert(decoded, format);
    const result = { data: converted.toBuffer(), width, height, codec };
    converted.free();
    return result;
  }

  reset(): void {}
  close(): void {
    this.#decoder.close();
    this.#converter.close();
  }
}
