import { z } from '@hono/zod-openapi';
import {
  ProviderFailure,
  type SpeechEvent,
  type SpeechListener,
  type SpeechSession,
  type SpeechSessionRequest,
} from '../index.ts';

/** The client's end of a WebSocket, as in all runtimes. */
export interface ClientSocket {
  send(data: string | Uint8Array): void;
  close(): void;
  addEventListener(type: 'message', listen: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close' | 'error', listen: () => void): void;
}

/** Opens a WebSocket with headers. @throws when it cannot be opened */
export type ConnectSocket = (url: string, headers: Record<string, string>) => Promise<ClientSocket>;

export interface SpeechSessionOptions {
  provider: string;
  apiUrl: string;
  headers: Record<string, string>;
  connect: ConnectSocket;
}

/** A ping is sent each second; after this time without any message the connection is considered dead. */
const PING_MS = 1_000;
const SILENT_MS = 3_000;
/** Some seconds of sound, which are sent once the socket is open. */
const MAX_WAITING = 2_000;

const time = z.number().min(0).max(1_000_000);
const word = z.object({
  word: z.string().max(1_000),
  start: time,
  end: time,
  probability: z.number().optional(),
});
const segment = z.int().min(0);
const text = z.string().max(20_000);
const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('partial'), segment, version: z.int(), text, start: time }),
  z.object({
    type: z.literal('final'),
    segment,
    text,
    start: time,
    end: time,
    language: z.string().max(16).nullish(),
    words: z.array(word).max(2_000).default([]),
  }),
  z.object({ type: z.literal('gap'), segment, start: time, end: time }),
  z.object({ type: z.literal('finalized') }),
  z.object({ type: z.literal('error'), code: z.string().max(100) }),
  z.object({ type: z.literal('started') }),
  z.object({ type: z.literal('working') }),
  z.object({ type: z.literal('pong') }),
]);
type Message = z.output<typeof messageSchema>;

const toMs = (seconds: number) => Math.round(seconds * 1_000);

function toEvent(message: Exclude<Message, { type: 'error' | 'started' | 'working' | 'pong' }>): SpeechEvent {
  if (message.type === 'finalized') return message;
  if (message.type === 'partial') {
    const { start, ...partial } = message;
    return { ...partial, startMs: toMs(start) };
  }
  const times = { startMs: toMs(message.start), endMs: toMs(message.end) };
  if (message.type === 'gap') return { type: 'gap', segment: message.segment, ...times };
  const words = message.words.map(({ word: spoken, start, end, probability }) => ({
    text: spoken.trim(),
    startMs: toMs(start),
    endMs: toMs(end),
    confidence: probability ?? null,
  }));
  const { segment: number, text: said, language = null } = message;
  return { type: 'final', segment: number, text: said.trim(), language, ...times, words };
}

class SocketSession implements SpeechSession {
  readonly #options: SpeechSessionOptions;
  readonly #listener: SpeechListener;
  readonly #waiting: (string | Uint8Array)[] = [];
  readonly #pinging: ReturnType<typeof setInterval>;
  #socket: ClientSocket | undefined;
  #silentMs = 0;
  #isOver = false;

  constructor(options: SpeechSessionOptions, request: SpeechSessionRequest, listener: SpeechListener) {
    this.#options = options;
    this.#listener = listener;
    const { encoding, language, offsetMs } = request;
    const start = { type: 'start', encoding, offset: offsetMs / 1_000 };
    this.#send(JSON.stringify({ ...start, ...(language !== null && { language }) }));
    this.#pinging = setInterval(() => this.#ping(), PING_MS);
    this.#open().catch((error: unknown) => this.#end('unavailable', error));
  }

  push(sound: Uint8Array): void {
    this.#send(sound);
  }

  finalize(): void {
    this.#send(JSON.stringify({ type: 'finalize' }));
  }

  close(): void {
    this.#isOver = true;
    clearInterval(this.#pinging);
    this.#socket?.close();
  }

  async #open(): Promise<void> {
    const { apiUrl, headers, connect } = this.#options;
    const socket = await connect(`${apiUrl.replace(/\/$/, '')}/v1/audio/stream`, headers);
    if (this.#isOver) return socket.close();
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#receive(data));
    socket.addEventListener('close', () => this.#end('unavailable'));
    socket.addEventListener('error', () => this.#end('unavailable'));
    for (const data of this.#waiting.splice(0)) socket.send(data);
  }

  #send(data: string | Uint8Array): void {
    if (this.#isOver) return;
    if (this.#socket) this.#socket.send(data);
    else if (this.#waiting.length < MAX_WAITING) this.#waiting.push(data);
    else this.#end('stalled');
  }

  #ping(): void {
    this.#silentMs += PING_MS;
    if (this.#silentMs > SILENT_MS) this.#end('stalled');
    else if (this.#socket) this.#send(JSON.stringify({ type: 'ping' }));
  }

  #receive(data: unknown): void {
    if (this.#isOver || typeof data !== 'string') return;
    this.#silentMs = 0;
    let message: Message;
    try {
      message = messageSchema.parse(JSON.parse(data));
    } catch (error) {
      return this.#end('malformed', error);
    }
    if (message.type === 'error') this.#end(message.code === 'busy' ? 'busy' : 'request_refused');
    else if (message.type !== 'started' && message.type !== 'working' && message.type !== 'pong')
      this.#listener.onEvent(toEvent(message));
  }

  #end(kind: ConstructorParameters<typeof ProviderFailure>[1], cause?: unknown): void {
    if (this.#isOver) return;
    this.close();
    this.#listener.onEnded(new ProviderFailure(this.#options.provider, kind, { cause }));
  }
}

/** A stream of the speech service; see its README. */
export const createOpenSpeechSession =
  (options: SpeechSessionOptions) =>
  (request: SpeechSessionRequest, listener: SpeechListener): SpeechSession =>
    new SocketSession(options, request, listener);
