import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = /\r\ncontent-length: *(\d+)/i;
/** Where the first digit of the status is in `HTTP/1.1 200`, and what it is for a success. */
const STATUS_AT = 9;
const SUCCESS = 0x32;

/** One connection with one request at a time: each answer is followed by the same request, until it is to pause. */
class Connection {
  readonly #socket: Socket;
  readonly #request: Buffer;
  /** Bytes of an answer that has not arrived as a whole. */
  #rest: Buffer = Buffer.alloc(0);
  /** @returns whether to send the request again */
  onAnswer: () => boolean = () => false;
  onFailure: (error: Error) => void = () => undefined;

  private constructor(socket: Socket, request: Buffer) {
    this.#socket = socket;
    this.#request = request;
    socket.setNoDelay(true);
    socket.on('data', (data) => this.#receive(data));
    socket.on('error', (error) => this.onFailure(error));
    socket.on('close', () => this.onFailure(new Error('the server closed a connection')));
  }

  static async open({ hostname, port }: URL, request: Buffer): Promise<Connection> {
    const socket = connect(Number(port), hostname);
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new Connection(socket, request);
  }

  get closed(): boolean {
    return this.#socket.closed;
  }

  send(): void {
    this.#socket.write(this.#request);
  }

  close(): void {
    this.onFailure = () => undefined;
    this.#socket.destroy();
  }

  #receive(data: Buffer): void {
    if (this.#rest.length > 0) data = Buffer.concat([this.#rest, data]);
    const headEnd = data.indexOf(HEAD_END);
    if (headEnd < 0) return void (this.#rest = data);
    const head = data.toString('latin1', 0, headEnd);
    const length = LENGTH.exec(head)?.[1];
    if (data[STATUS_AT] !== SUCCESS || length === undefined)
      return this.onFailure(new Error(`not a success of a known length: ${data.toString()}`));
    if (data.length < headEnd + HEAD_END.length + Number(length)) return void (this.#rest = data);
    if (this.#rest.length > 0) this.#rest = Buffer.alloc(0);
    if (this.onAnswer()) this.send();
  }
}

export interface RepeatedRequest {
  url: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** Requests under way at once, each on a connection of its own. */
  connections?: number;
}

function formatRequest({ url, method = 'GET', headers = {}, body = '' }: RepeatedRequest): Buffer {
  const { host, pathname, search } = new URL(url);
  const length = method === 'GET' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const lines = Object.entries({ host, ...headers, ...length }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return Buffer.from(`${method} ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

/**
 * A client that sends one request again and again and reads no more of an answer than its status and length, so that
 * most of the machine is left to the server.
 */
export class HttpLoad {
  readonly #url: URL;
  readonly #request: Buffer;
  #connections: Connection[];

  private constructor(url: URL, request: Buffer, connections: Connection[]) {
    this.#url = url;
    this.#request = request;
    this.#connections = connections;
  }

  static async open(options: RepeatedRequest): Promise<HttpLoad> {
    const url = new URL(options.url);
    const request = formatRequest(options);
    const open = Array.from({ length: options.connections ?? 64 }, () => Connection.open(url, request));
    return new HttpLoad(url, request, await Promise.all(open));
  }

  /** The runtime closes connections that were idle for some seconds. */
  async #reopenClosed(): Promise<void> {
    const open = this.#connections.map(async (each) =>
      each.closed ? Connection.open(this.#url, this.#request) : each,
    );
    this.#connections = await Promise.all(open);
  }

  /**
   * Sends for so many milliseconds, and waits for the last answers.
   * @returns how many answers came. @throws Error at the first that is not 2xx
   */
  async run(milliseconds: number): Promise<number> {
    await this.#reopenClosed();
    let answers = 0;
    let underWay = this.#connections.length;
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
    }, milliseconds);
    try {
      await new Promise<void>((resolve, reject) => {
        const onAnswer = () => {
          answers++;
          if (isOver && --underWay === 0) resolve();
          return !isOver;
        };
        for (const connection of this.#connections) {
          Object.assign(connection, { onAnswer, onFailure: reject });
          connection.send();
        }
      });
    } finally {
      clearTimeout(timer);
    }
    return answers;
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }
}
