import type { RoomServerFrame } from '../../src/realtime/protocol/index.ts';
import type { SocketHandle } from '../../src/realtime/sockets/index.ts';

/** A socket in memory, with the frames that its client received and what the runtime reports about it. */
export class MemorySocket<F extends { type: string } = RoomServerFrame> implements SocketHandle {
  readonly texts: string[] = [];
  closeCode: number | undefined;
  bufferedAmount = 0;
  /** While true the client reads nothing, and frames stay in the buffer. */
  stalled = false;
  /** While true the client sends no pings. */
  silent = false;
  #attachment: unknown = null;

  get readyState(): number {
    return this.closeCode === undefined ? 1 : 2;
  }

  send(text: string): void {
    if (this.closeCode !== undefined) throw new TypeError('the socket is closed');
    if (this.stalled) this.bufferedAmount += text.length;
    this.texts.push(text);
  }

  close(code: number): void {
    this.closeCode ??= code;
  }

  serializeAttachment(value: unknown): void {
    this.#attachment = structuredClone(value);
  }

  deserializeAttachment(): unknown {
    return structuredClone(this.#attachment);
  }

  get frames(): F[] {
    return this.texts.map((text) => JSON.parse(text) as F);
  }

  framesOf<T extends F['type']>(type: T): Extract<F, { type: T }>[] {
    return this.frames.filter((frame) => frame.type === type) as Extract<F, { type: T }>[];
  }
}
