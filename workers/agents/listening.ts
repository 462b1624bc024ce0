import { AudioStream, type RemoteTrack } from '@livekit/rtc-node';
import type { Settings } from './settings.ts';

const RATE = 16_000;
/** Sound is sent in messages of this many samples: 40 ms. */
const BLOCK = 640;
/** As loud as speech near a microphone; room noise is below. */
const LOUD = 600;
/** So many of the last blocks must be loud: 160 ms of 240. */
const LOUD_BLOCKS = 4;
const RECENT_BLOCKS = 6;
const RETRY_MS = 1_000;

export interface Listener {
  /** Somebody has begun to speak. */
  onSpeech: () => void;
  /** A sentence that was said, and how long ago its sound ended. */
  onSentence: (text: string) => void;
  log: (line: string) => void;
}

const loudnessOf = (samples: Int16Array): number =>
  Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);

/** Listens to one track: each sentence is recognized by the speech service. Its stream is opened again when it is lost. */
export async function listen(
  track: RemoteTrack,
  { speechUrl, speechSecret }: Settings,
  listener: Listener,
  signal: AbortSignal,
): Promise<void> {
  const stream = new SpeechStream(speechUrl, speechSecret, listener, signal);
  let block = new Int16Array(0);
  const recent: boolean[] = [];
  for await (const { data } of new AudioStream(track, RATE, 1)) {
    if (signal.aborted) break;
    const joined = new Int16Array(block.length + data.length);
    joined.set(block);
    joined.set(data, block.length);
    block = joined;
    while (block.length >= BLOCK) {
      const samples = block.slice(0, BLOCK);
      block = block.slice(BLOCK);
      stream.push(samples);
      recent.push(loudnessOf(samples) > LOUD);
      if (recent.length > RECENT_BLOCKS) recent.shift();
      if (recent.filter(Boolean).length >= LOUD_BLOCKS) listener.onSpeech();
    }
  }
  stream.close();
}

class SpeechStream {
  readonly #address: string;
  readonly #secret: string;
  readonly #listener: Listener;
  readonly #signal: AbortSignal;
  #socket: WebSocket | undefined;

  constructor(url: string, secret: string, listener: Listener, signal: AbortSignal) {
    this.#address = `${url.replace(/^http/, 'ws')}/v1/audio/stream`;
    this.#secret = secret;
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
    const headers = { Authorization: `Bearer ${this.#secret}` };
    // Node takes headers, which browsers do not.
    const socket = new WebSocket(this.#address, { headers } as unknown as string[]);
    this.#socket = socket;
    socket.addEventListener('open', () =>
      socket.send(JSON.stringify({ type: 'start', encoding: 'pcm16', offset: 0 })),
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
    const message = JSON.parse(data) as { type: string; text?: string; code?: string };
    if (message.type === 'final' && message.text?.trim()) this.#listener.onSentence(message.text.trim());
    if (message.type === 'error') this.#listener.log(`the speech service: ${message.code}`);
    if (message.type === 'gap')
      this.#listener.log('a sentence was not recognized: the speech service is busy');
  }
}
