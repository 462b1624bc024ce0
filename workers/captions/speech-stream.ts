/** Messages of the stream of the speech service. Times are seconds of the call. */
export interface SpeechMessage {
  type: 'started' | 'working' | 'partial' | 'final' | 'gap' | 'finalized' | 'error';
  text?: string;
  start?: number;
  end?: number;
  language?: string;
  words?: { word: string; start: number; end: number; probability?: number }[];
  code?: string;
}

export interface SpeechStream {
  send(samples: Int16Array): void;
  finalize(): void;
  close(): void;
}

export interface StreamEvents {
  onMessage(message: SpeechMessage): void;
  /** Once, however it ended; also when it could not be opened. */
  onClosed(): void;
}

/** Opens a stream at a second of the call; messages sent before it is open wait. */
export type OpenStream = (
  start: { offsetSeconds: number; language: string | null },
  events: StreamEvents,
) => SpeechStream;

export interface SpeechProvider {
  /** The address of the speech service. */
  url: string;
  secret: string;
  /** The group whose turn the work takes. */
  group: string;
}

const OPEN_MS = 2_000;

/** The socket of one stream: messages sent before it is open wait, and its end is reported once. */
class SocketStream implements SpeechStream {
  readonly #socket: WebSocket;
  readonly #onClosed: () => void;
  readonly #opening: NodeJS.Timeout;
  readonly #waiting: (string | Int16Array<ArrayBuffer>)[] = [];
  #isOver = false;

  constructor({ url, secret, group }: SpeechProvider, { onMessage, onClosed }: StreamEvents) {
    const address = `${url.replace(/^http/, 'ws').replace(/\/$/, '')}/v1/audio/stream`;
    const headers = { Authorization: `Bearer ${secret}`, 'Speech-Group': group };
    this.#onClosed = onClosed;
    // Node's socket takes headers, which the type of browsers does not know.
    this.#socket = new WebSocket(address, { headers } as never);
    this.#opening = setTimeout(() => this.#end(), OPEN_MS);
    this.#socket.addEventListener('open', () => {
      clearTimeout(this.#opening);
      for (const data of this.#waiting.splice(0)) this.#socket.send(data);
    });
    this.#socket.addEventListener('message', ({ data }) => {
      if (this.#isOver || typeof data !== 'string') return;
      const message = JSON.parse(data) as SpeechMessage;
      if (message.type === 'error') this.#end();
      else onMessage(message);
    });
    this.#socket.addEventListener('close', () => this.#end());
    this.#socket.addEventListener('error', () => this.#end());
  }

  send(samples: Int16Array): void {
    this.sendData(new Int16Array(samples));
  }

  finalize(): void {
    this.sendData(JSON.stringify({ type: 'finalize' }));
  }

  close(): void {
    this.#isOver = true;
    clearTimeout(this.#opening);
    this.#socket.close();
  }

  sendData(data: string | Int16Array<ArrayBuffer>): void {
    const { readyState } = this.#socket;
    if (readyState === WebSocket.CONNECTING) this.#waiting.push(data);
    else if (readyState === WebSocket.OPEN) this.#socket.send(data);
  }

  #end(): void {
    if (this.#isOver) return;
    this.close();
    this.#onClosed();
  }
}

/** The stream of the speech service, by its socket. */
export const createOpenStream =
  (provider: SpeechProvider): OpenStream =>
  ({ offsetSeconds, language }, events) => {
    const stream = new SocketStream(provider, events);
    const start = { type: 'start', encoding: 'pcm16', offset: offsetSeconds };
    stream.sendData(JSON.stringify({ ...start, ...(language !== null && { language }) }));
    return stream;
  };
