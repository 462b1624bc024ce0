import type { Listener } from './listening.ts';

/** Sound below this is no speech: about -36 dB. It only decides when a stream is opened; the service decides what is speech. */
const SPEECH_LEVEL = 500;
/** Sound from before the first loud block, because words begin quietly: a third of a second. */
const BLOCKS_BEFORE = 10;
/** Sound that waits for a stream, at most: three seconds. Older sound is dropped, because an answer to it would come too late. */
const MOST_BLOCKS = 94;
/** A track that has been quiet for this long gives up its stream, of which a service has few. */
const QUIET_MS = 15_000;
const OPEN_MS = 5_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;

interface Message {
  type: string;
  text?: string;
  /** Seconds of the stream. */
  start?: number;
  end?: number;
  code?: string;
}

interface TrackStreamOptions {
  connect: () => WebSocket;
  now: () => number;
  listener: Listener;
}

function isLoud(samples: Int16Array): boolean {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length) >= SPEECH_LEVEL;
}

/**
 * The stream of one track to the speech service. It is opened by the first loud sound, with the sound from just before, and given up after some
 * quiet seconds. One that is lost or refused is opened again with the sound that waits, more and more slowly.
 */
export class TrackStream {
  readonly #options: TrackStreamOptions;
  #socket: WebSocket | null = null;
  #isOpen = false;
  #isClosed = false;
  #openedAtMs = 0;
  #lastLoudAtMs = -Infinity;
  #retryAtMs = 0;
  #retryMs = FIRST_RETRY_MS;
  #waiting: Int16Array<ArrayBuffer>[] = [];

  constructor(options: TrackStreamOptions) {
    this.#options = options;
  }

  push(samples: Int16Array<ArrayBuffer>): void {
    if (this.#isClosed) return;
    const now = this.#options.now();
    if (isLoud(samples)) this.#lastLoudAtMs = now;
    if (this.#isOpen && this.#socket) {
      this.#socket.send(samples);
      if (now - this.#lastLoudAtMs > QUIET_MS) this.#giveUp();
      return;
    }
    this.#waiting.push(samples);
    const isNeeded = now - this.#lastLoudAtMs <= QUIET_MS;
    this.#waiting.splice(0, this.#waiting.length - (isNeeded ? MOST_BLOCKS : BLOCKS_BEFORE));
    if (this.#socket && now - this.#openedAtMs > OPEN_MS) this.#lose('it does not open');
    if (isNeeded && !this.#socket && now >= this.#retryAtMs) this.#open(now);
  }

  close(): void {
    this.#isClosed = true;
    this.#giveUp();
  }

  #giveUp(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#isOpen = false;
    this.#waiting = [];
    socket?.close();
  }

  #open(now: number): void {
    const socket = this.#options.connect();
    this.#socket = socket;
    this.#openedAtMs = now;
    const isOwn = () => this.#socket === socket;
    socket.addEventListener('open', () => {
      if (!isOwn()) return;
      socket.send(JSON.stringify({ type: 'start', encoding: 'pcm16', offset: 0, turns: true }));
      for (const samples of this.#waiting.splice(0)) socket.send(samples);
      this.#isOpen = true;
    });
    socket.addEventListener('message', ({ data }) => {
      if (isOwn()) this.#receive(JSON.parse(String(data)) as Message);
    });
    socket.addEventListener('close', ({ code }) => {
      if (isOwn()) this.#lose(`closed with ${code}`);
    });
    socket.addEventListener('error', () => undefined); // `close` follows
  }

  #lose(why: string): void {
    const { listener, now } = this.#options;
    listener.log(`a stream to the speech service was lost: ${why}; the next one in ${this.#retryMs} ms`);
    // A sentence that was being recognized there has no end.
    listener.onRecognized(0);
    const socket = this.#socket;
    this.#socket = null;
    this.#isOpen = false;
    this.#retryAtMs = now() + this.#retryMs;
    this.#retryMs = Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
    socket?.close();
  }

  #receive({ type, text, start = 0, end = 0, code }: Message): void {
    const { listener } = this.#options;
    if (type === 'error') return listener.log(`the speech service: ${code}`);
    this.#retryMs = FIRST_RETRY_MS;
    if (type === 'sound') listener.onSound();
    if (type === 'speech') listener.onSpeech();
    if (type === 'pause') listener.onPause();
    if (type === 'final') listener.onRecognized((end - start) * 1_000);
    if (type === 'final' && text?.trim()) listener.onSentence(text.trim());
    if (type === 'gap') {
      listener.onRecognized(0);
      listener.log('a sentence was not recognized: the speech service is busy');
    }
  }
}
