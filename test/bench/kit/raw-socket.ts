import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const MASK = Buffer.alloc(4);
const CLOSE = 8;

/** A text frame as a client sends it, masked with zeros: the payload stays as it is. */
function maskFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const head =
    length < 126
      ? Buffer.from([0x81, 0x80 | length])
      : Buffer.from([0x81, 0x80 | 126, length >> 8, length & 255]);
  return Buffer.concat([head, MASK, payload]);
}

/** Start and length of the payload; undefined while the header is incomplete. */
function readFrameHead(data: Buffer, at: number): { begin: number; length: number } | undefined {
  const left = data.length - at;
  if (left < 2) return undefined;
  const short = data[at + 1]! & 127;
  if (short < 126) return { begin: at + 2, length: short };
  if (short === 126) return left < 4 ? undefined : { begin: at + 4, length: data.readUInt16BE(at + 2) };
  return left < 10 ? undefined : { begin: at + 10, length: Number(data.readBigUInt64BE(at + 2)) };
}

/**
 * A WebSocket client that costs almost nothing: it finds the boundaries of frames and looks at one byte of each. A client
 * library spends more on a frame than the server does, so it would be what is measured.
 */
export class RawSocket {
  /** Frames whose type begins with `c`, as chat does: events, not their acks. */
  chatFrames = 0;
  /** The server closed the socket, or the connection broke. */
  closed = false;
  onChat: (frames: number) => void = () => undefined;
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  #opened: (() => void) | undefined;

  private constructor(socket: Socket, opened: () => void) {
    this.#socket = socket;
    this.#opened = opened;
    socket.on('data', (data) => this.#readData(data));
    socket.on('close', () => {
      this.closed = true;
    });
  }

  static open(url: string, path: string): Promise<RawSocket> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      socket.setNoDelay(true).on('error', reject);
      const raw = new RawSocket(socket, () => resolve(raw));
      const key = randomBytes(16).toString('base64');
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      );
    });
  }

  send(text: string): void {
    this.#socket.write(maskFrame(text));
  }

  /** Stops reading: a client that hangs. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  #readData(data: Buffer): void {
    if (this.#rest.length > 0) data = Buffer.concat([this.#rest, data]);
    let at = 0;
    if (this.#opened) {
      const end = data.indexOf('\r\n\r\n');
      if (end < 0) return void (this.#rest = data);
      if (!data.subarray(0, 12).toString().endsWith('101')) throw new Error(data.toString());
      this.#opened();
      this.#opened = undefined;
      at = end + 4;
    }
    let chat = 0;
    for (;;) {
      const head = readFrameHead(data, at);
      if (!head || head.begin + head.length > data.length) break;
      if ((data[at]! & 15) === CLOSE) this.closed = true;
      else if (data[head.begin + 9] === 0x63) chat++; // {"type":"c…
      at = head.begin + head.length;
    }
    this.#rest = data.subarray(at);
    this.chatFrames += chat;
    if (chat > 0) this.onChat(chat);
  }
}
