import { setImmediate as turn } from 'node:timers/promises';
import type { Frame } from 'node-av/lib';
import { PacketDecoder, readLuma } from '../media/pictures.ts';
import { computeSsim } from '../media/ssim.ts';

/** The decoder that follows an encoder, so that quality is measured and not assumed. No response waits for it. */
export class QualityCheck {
  #decoder = new PacketDecoder('libdav1d');
  #last: Promise<unknown> = Promise.resolve();
  #beforeLast: Promise<unknown> = Promise.resolve();

  /**
   * Decodes a packet after those before it, and compares it with its picture, which it frees.
   * @returns its SSIM; undefined without a picture, because only the packets after it need it. @throws when it cannot be decoded
   */
  follow(packet: Uint8Array, picture: Frame | undefined): Promise<number | undefined> {
    const followed = this.#last.then(async () => {
      await turn(); // the response is sent first
      const decoded = await this.#decoder.decode(packet);
      return picture && decoded ? computeSsim(readLuma(picture), readLuma(decoded)) : undefined;
    });
    this.#beforeLast = this.#last;
    this.#last = followed.catch(() => undefined).finally(() => picture?.free());
    return followed;
  }

  /** Resolves when it is at most one packet behind. */
  keepUp(): Promise<unknown> {
    return this.#beforeLast;
  }

  /** After what it still has to follow. */
  close(): void {
    this.#last = this.#last.then(() => this.#decoder.close());
  }
}
