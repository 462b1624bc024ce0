import { AudioStream, type RemoteTrack } from '@livekit/rtc-node';
import type { SpeechService } from './settings.ts';

const RATE = 16_000;
/** Sound is sent in messages of this many samples, 32 ms, which is what the service decides on. */
const BLOCK = 512;
const RETRY_MS = 1_000;

interface Message {
  type: string;
  text?: string;
  /** Seconds of the stream. */
  start?: number;
  end?: number;
  code?: string;
}

export interface Listener {
  /** Perhaps somebody has begun to speak; `onSpeech` follows within a tenth of a second when they have. */
  onSound: () => void;
  /** Somebody has begun to speak. */
  onSpeech: () => void;
  /** They have stopped; what they said is being recognized. */
  onPause: () => void;
  /** Sound of this many milliseconds was recognized, or left out; `onSentence` follows if there were words in it. */
  onRecognized: (ms: number) => void;
  /** A sentence that was said. */
  onSentence: (text: string) => void;
  log: (line: string) => void;
}

/**
 * Listens to one track: the speech service says when somebody begins to speak, and what each sentence is. Its stream is opened again when
 * it is lost.
 */
export async function listen(
  track: RemoteTrack,
  service: SpeechService,
  listener: Listener,
  signal: AbortSignal,
): Promise<void> {
  const stream = new SpeechStream(service, listener, signal);
  let block = new Int16Array(0);
  for await (const { data } of new AudioStream(track, RATE, 1)) {
    if (signal.aborted) break;
    const joined = new Int16Array(block.length + data.length);
    joined.set(block);
    joined.set(data, block.length);
    block = joined;
    while (block.length >= BLOCK) {
      stream.push(block.slice(0, BLOCK));
      block = block.slice(BLOCK);
    }
  }
  stream.close();
}

class SpeechStream {
  readonly #service: SpeechService;
  readonly #listener: Listener;
  readonly #signal: AbortSignal;
  #socket: WebSocket | undefined;

  constructor(service: SpeechService, listener: Listener, signal: AbortSignal) {
    this.#service = service;
    this.#listener = listener;
    this.#signal = signal;
    this.#open();
    signal.addEventListener('abort', () => this.close(), { once: true });
  }

  push(samples: Int16Array<ArrayBuffer>): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(samples);
  }

  close(): void {
    this.#socket?.close();
  }

  #open(): void {
    if (this.#signal.aborted) return;
    const { url, headers } = this.#service;
    // Node takes headers, which browsers do not.
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/v1/audio/stream`, {
      headers,
    } as unknown as string[]);
    this.#socket = socket;
    socket.addEventListener('open', () =>
      socket.send(JSON.stringify({ type: 'start', encoding: 'pcm16', offset: 0, turns: true })),
    );
    socket.addEventListener('message', ({ data }) => this.#receive(String(data)));
    socket.addEventListener('close', ({ code }) => {
      if (this.#signal.aborted || this.#socket !== socket) return;
      this.#listener.log(`the speech service closed the stream: ${code}`);
      setTimeout(() => this.#open(), RETRY_MS);
    });
    socket.addEventListener('error', () => undefined); // `close` follows
  }

  #receive(data: string): void {
    const message = JSON.parse(data) as Message;
    if (message.type === 'sound') this.#listener.onSound();
    if (message.type === 'speech') this.#listener.onSpeech();
    if (message.type === 'pause') this.#listener.onPause();
    if (message.type === 'final')
      this.#listener.onRecognized(((message.end ?? 0) - (message.start ?? 0)) * 1_000);
    if (message.type === 'final' && message.text?.trim()) this.#listener.onSentence(message.text.trim());
    if (message.type === 'error') this.#listener.log(`the speech service: ${message.code}`);
    if (message.type === 'gap') {
      this.#listener.onRecognized(0);
      this.#listener.log('a sentence was not recognized: the speech service is busy');
    }
  }
}
