import { randomUUID } from 'node:crypto';
import type { SkipReason } from './speaking-queue.ts';
import type { Listeners } from './spoken-voice.ts';

export interface RoomAccess {
  /** `wss://…/api/v1/rooms/…/socket` */
  url: string;
  ticket: string;
}

export interface CaptionFrame {
  segmentId: string;
  version: number;
  speaker: string;
  language: string;
  text: string;
  startMs: number;
  endMs: number;
  final: boolean;
  /** The language that was spoken, of a translation. */
  translatedFrom?: string;
  translatedBy?: 'rules' | 'model';
}

const PING_MS = 30_000;
const RETRY_MS = 1_000;
/** Finals that wait for a connection. */
const MOST_WAITING = 1_000;

type AskedHook = (languages: readonly string[], listeners: readonly Listeners[]) => void;

/** What the product sends; other frames concern others. */
interface ReceivedFrame {
  type: string;
  id?: string;
  languages?: string[];
  listeners?: Listeners[];
}

/** The socket of the room: sends captions, and the final ones again until the room has them. */
export class RoomSocket {
  #access: RoomAccess;
  readonly #onAsked: AskedHook;
  #socket: WebSocket | null = null;
  #isReady = false;
  #isClosed = false;
  /** By the id of their frame. */
  readonly #waiting = new Map<string, string>();
  #ping: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;

  /** @param onAsked the languages that people in the room ask for, and those they listen to */
  constructor(access: RoomAccess, onAsked: AskedHook) {
    this.#access = access;
    this.#onAsked = onAsked;
    this.#connect();
  }

  /** A newer ticket, for the next connection. */
  renew(access: RoomAccess): void {
    this.#access = access;
    if (!this.#socket && !this.#isClosed) this.#connect();
  }

  send(caption: CaptionFrame): void {
    this.#send({ type: 'caption', ...caption }, caption.final);
  }

  /** Shows a translation to those who ask for its language. */
  sendTranslation(translation: Omit<CaptionFrame, 'version' | 'final'>): void {
    this.#send({ type: 'caption.translation', ...translation }, true);
  }

  /** Shows to those who listen to a language that a translation is not spoken. */
  sendSkipped(language: string, reason: SkipReason): void {
    this.#send({ type: 'captions.skipped', language, reason }, false);
  }

  /** @param isKept whether it is sent again until the room has it */
  #send(frame: object, isKept: boolean): void {
    const id = randomUUID();
    const text = JSON.stringify({ ...frame, id });
    if (isKept && this.#waiting.size < MOST_WAITING) this.#waiting.set(id, text);
    if (this.#isReady) this.#socket?.send(text);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#ping);
    this.#socket?.close();
  }

  #connect(): void {
    clearTimeout(this.#retry);
    const { url, ticket } = this.#access;
    const socket = new WebSocket(url, ['auralink.v1', `ticket.${ticket}`]);
    this.#socket = socket;
    socket.addEventListener('open', () => {
      socket.send(JSON.stringify({ type: 'hello', cursor: null }));
      this.#ping = setInterval(() => socket.send('{"type":"ping"}'), PING_MS);
    });
    socket.addEventListener('message', ({ data }) => {
      const frame = JSON.parse(String(data)) as ReceivedFrame;
      if (frame.type === 'welcome') this.#begin(socket);
      if (frame.type === 'captions.asked') this.#onAsked(frame.languages ?? [], frame.listeners ?? []);
      if ((frame.type === 'ack' || frame.type === 'error') && frame.id !== undefined)
        this.#waiting.delete(frame.id);
    });
    const lost = () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#isReady = false;
      clearInterval(this.#ping);
      if (!this.#isClosed) this.#retry = setTimeout(() => this.#connect(), RETRY_MS);
    };
    socket.addEventListener('close', lost);
    socket.addEventListener('error', lost);
  }

  /** A frame that the room knows already is acknowledged, and not shown twice. */
  #begin(socket: WebSocket): void {
    this.#isReady = true;
    for (const text of this.#waiting.values()) socket.send(text);
  }
}
