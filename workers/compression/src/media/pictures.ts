import * as constants from 'node-av/constants';
import type { AVPixelFormat } from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet, SoftwareScaleContext } from 'node-av/lib';
import { Refusal } from '../processes/serve-requests.ts';
import { MAX_EDGE, MAX_PIXELS } from '../frames/frames.rules.ts';
import type { LumaPlane } from './ssim.ts';

export const I420 = constants.AV_PIX_FMT_YUV420P;
const AGAIN = constants.AVERROR_EAGAIN;

/** Luma of a picture in a planar format of 8 bits. The bytes are the frame's own and end with it. */
export function readLuma(frame: Frame): LumaPlane {
  return { data: frame.data![0]!, stride: frame.linesize[0]!, width: frame.width, height: frame.height };
}

/** A decoder of single packets, with one thread and a limit of pixels. */
export class PacketDecoder {
  #context = new CodecContext();
  #frame = new Frame();

  constructor(name: string, configure: (context: CodecContext) => void = () => undefined) {
    const codec = Codec.findDecoderByName(name as never);
    if (!codec) throw new Error(`there is no decoder ${name}`);
    this.#context.allocContext3(codec);
    this.#context.threadCount = 1;
    this.#context.setOption('max_pixels', String(MAX_PIXELS));
    configure(this.#context);
    if (this.#context.open2Sync(codec, null) < 0) throw new Error(`the decoder ${name} cannot be opened`);
    this.#frame.alloc();
  }

  /**
   * The frame of a packet; undefined while the decoder needs more packets. It is valid until the next call.
   * @throws Refusal when the packet is not valid
   */
  async decode(data: Uint8Array): Promise<Frame | undefined> {
    const packet = new Packet();
    packet.alloc();
    packet.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    try {
      if ((await this.#context.sendPacket(packet)) < 0) throw new Refusal('the data cannot be decoded');
      this.#frame.unref();
      const status = await this.#context.receiveFrame(this.#frame);
      if (status === AGAIN) return undefined;
      if (status < 0) throw new Refusal('the data cannot be decoded');
      if (this.#frame.width > MAX_EDGE || this.#frame.height > MAX_EDGE)
        throw new Refusal(`the picture is wider or higher than ${MAX_EDGE}`);
      return this.#frame;
    } finally {
      packet.free();
    }
  }

  /** The frames that are left after the last packet; each is valid until the next. */
  async *flush(): AsyncGenerator<Frame> {
    await this.#context.sendPacket(null);
    for (;;) {
      this.#frame.unref();
      if ((await this.#context.receiveFrame(this.#frame)) < 0) return;
      yield this.#frame;
    }
  }

  close(): void {
    this.#frame.free();
    this.#context.freeContext();
  }
}

/** Converts pictures of one size and format to another format. */
export class PixelConverter {
  #scale: SoftwareScaleContext | undefined;
  #key = '';

  /** @returns a new frame, which the caller frees */
  async convert(source: Frame, format: AVPixelFormat): Promise<Frame> {
    const key = `${source.width}×${source.height} ${source.format} ${format}`;
    if (key !== this.#key) {
      this.#scale?.freeContext();
      this.#scale = new SoftwareScaleContext();
      const { width, height } = source;
      this.#scale.getContext(width, height, source.format as never, width, height, format);
      this.#key = key;
    }
    const target = new Frame();
    target.alloc();
    target.width = source.width;
    target.height = source.height;
    target.format = format;
    target.getBuffer();
    const status = await this.#scale!.scaleFrame(target, source);
    if (status < 0) throw new Refusal('the pixels cannot be converted');
    return target;
  }

  close(): void {
    this.#scale?.freeContext();
  }
}
