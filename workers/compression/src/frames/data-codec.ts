import zlib from 'node:zlib';
import { Refusal } from '../processes/serve-requests.ts';
import type { Format } from './frames.rules.ts';
import type { CompressedFrame, FrameCodec, RestoredFrame, WantedFrame } from './worker-messages.ts';

const LEVEL: Readonly<Record<Format['mode'], number>> = { conservative: 1, adaptive: 3, aggressive: 9 };
/** The largest window, also for data that asks for more: 1 MiB. */
const WINDOW_LOG = 20;

type Transform = zlib.ZstdCompress | zlib.ZstdDecompress;

/** The output for one input frame. @throws Refusal for more than `maxBytes`, or data that is not valid */
function pass(through: Transform, data: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = (error?: Error | null) => {
      through.off('data', take);
      through.off('error', end);
      if (error) reject(error);
      else resolve(Buffer.concat(chunks));
    };
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) return void chunks.push(chunk);
      through.destroy();
      end(new Refusal(`the frame has more than ${maxBytes} bytes`));
    };
    through.on('data', take);
    through.once('error', () => end(new Refusal('the data cannot be decompressed')));
    through.write(data, (error) => {
      if (error || through.destroyed) return;
      through.flush(() => setImmediate(end));
    });
  });
}

/** Bytes to Zstandard. The frames of a session share one window: later ones are as small as their new content. */
export class DataCompressor implements FrameCodec<CompressedFrame> {
  #mode: Format['mode'];
  #zstd: zlib.ZstdCompress | undefined;
  constructor({ mode }: Format) {
    this.#mode = mode;
  }

  async process(data: Uint8Array): Promise<CompressedFrame> {
    const isKeyframe = this.#zstd === undefined;
    const { ZSTD_c_compressionLevel, ZSTD_c_windowLog, ZSTD_e_flush } = zlib.constants;
    this.#zstd ??= zlib.createZstdCompress({
      flush: ZSTD_e_flush,
      params: { [ZSTD_c_compressionLevel]: LEVEL[this.#mode], [ZSTD_c_windowLog]: WINDOW_LOG },
    });
    const compressed = await pass(this.#zstd, data, data.length * 2 + 1_024);
    const level = LEVEL[this.#mode];
    return { data: compressed, codec: 'zstd', isKeyframe, preset: level, crf: 0, measured: undefined };
  }

  reset(): void {
    this.#zstd?.destroy();
    this.#zstd = undefined;
  }
  close(): void {
    this.reset();
  }
}

/** Zstandard to bytes. */
export class DataRestorer implements FrameCodec<RestoredFrame> {
  #zstd: zlib.ZstdDecompress | undefined;

  async process(data: Uint8Array, { maxBytes }: WantedFrame): Promise<RestoredFrame> {
    const params = { [zlib.constants.ZSTD_d_windowLogMax]: WINDOW_LOG };
    this.#zstd ??= zlib.createZstdDecompress({ params });
    return { data: await pass(this.#zstd, data, maxBytes), codec: 'bytes' };
  }

  reset(): void {
    this.#zstd?.destroy();
    this.#zstd = undefined;
  }
  close(): void {
    this.reset();
  }
}
