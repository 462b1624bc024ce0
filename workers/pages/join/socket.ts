import {
  backoffMs,
  type Cursor,
  cursorAfter,
  type Ending,
  endingOf,
  PING_SECONDS,
  PING_TEXT,
  type ServerFrame,
  SUBPROTOCOL,
} from './frames.ts';
import { Refusal } from './refusal.ts';

export interface SocketHooks {
  frame(frame: ServerFrame): void;
  /** Whether it is open; it opens again by itself. */
  connected(open: boolean): void;
  /** It does not open again: why. */
  over(ending: Exclude<Ending, 'resume' | 'ask'>): void;
  /** It does not open again, because the API lets them come back no more. @param code of the refusal */
  refused(code: string): void;
  /** Its ticket may be good no more: asks the API for the place anew. @throws Refusal */
  comeBack(): Promise<{ url: string; ticket: string }>;
}

/** What a browser says of a connection that ended without a word. */
const BROKEN_OFF = 1006;
/** Refused so often in a row, a ticket is taken for worthless. */
const REFUSALS = 2;
/** The API is asked again after so long, whatever it said. */
const LONGEST_PAUSE_SECONDS = 60;

/**
 * The room's socket: opens again after a break where it left off, so that nothing is missed or told twice. However long
 * the break is, it goes on trying, with the ticket it has while the API cannot give another one.
 */
export class RoomSocket {
  #url: string;
  readonly #hooks: SocketHooks;
  #ticket: string;
  #socket: WebSocket | undefined;
  #cursor: Cursor | null = null;
  #attempt = 0;
  /** Until then the API wants to be left alone. */
  #pauseUntilMs = 0;
  #pinger: ReturnType<typeof setInterval> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(url: string, ticket: string, hooks: SocketHooks) {
    this.#url = url;
    this.#ticket = ticket;
    this.#hooks = hooks;
    this.#open();
  }

  /** @returns the frame's id; null when the socket is not open: nothing was sent */
  send(frame: Record<string, unknown>): string | null {
    if (this.#socket?.readyState !== WebSocket.OPEN) return null;
    const id = crypto.randomUUID();
    this.#socket.send(JSON.stringify({ id, ...frame }));
    return id;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#pinger);
    this.#socket?.close(1000);
  }

  #open(): void {
    const socket = new WebSocket(this.#url, [SUBPROTOCOL, `ticket.${this.#ticket}`]);
    let opened = false;
    let heard = true;
    const isOver = () => this.#closed || this.#socket !== socket;
    const end = (code: number) => {
      if (isOver()) return;
      this.#socket = undefined;
      clearInterval(this.#pinger);
      this.#ended(endingOf(code, opened));
    };
    this.#socket = socket;
    socket.addEventListener('open', () => {
      opened = true;
      socket.send(JSON.stringify({ type: 'hello', cursor: this.#cursor }));
      this.#pinger = setInterval(() => {
        // Not even the last ping was answered: a break that the browser takes minutes to notice.
        if (!heard) {
          socket.close();
          return end(BROKEN_OFF);
        }
        heard = false;
        socket.send(PING_TEXT);
      }, PING_SECONDS * 1000);
    });
    socket.addEventListener('message', ({ data }: { data: unknown }) => {
      heard = true;
      if (!isOver()) this.#hear(JSON.parse(data as string) as ServerFrame);
    });
    socket.addEventListener('close', ({ code }) => end(code));
  }

  #hear(frame: ServerFrame): void {
    if (frame.type === 'ticket') this.#ticket = frame.ticket;
    if (frame.type === 'welcome' || frame.type === 'resumed' || frame.type === 'waiting') {
      this.#attempt = 0;
      this.#hooks.connected(true);
    }
    this.#cursor = cursorAfter(this.#cursor, frame);
    this.#hooks.frame(frame);
  }

  #ended(ending: Ending): void {
    if (ending !== 'resume' && ending !== 'ask') {
      this.#closed = true;
      this.#hooks.over(ending);
      return;
    }
    this.#hooks.connected(false);
    const mayAsk = performance.now() >= this.#pauseUntilMs;
    const asks = ending === 'ask' && this.#attempt >= REFUSALS && mayAsk;
    const wait = backoffMs(this.#attempt++, Math.random());
    this.#retry = setTimeout(() => (asks ? void this.#ask() : this.#open()), wait);
  }

  async #ask(): Promise<void> {
    try {
      const { url, ticket } = await this.#hooks.comeBack();
      this.#url = url;
      this.#ticket = ticket;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (this.#closed) return;
      if (!error.passes) {
        this.#closed = true;
        return this.#hooks.refused(error.code);
      }
      const pause = Math.min(error.retryAfterSeconds ?? 0, LONGEST_PAUSE_SECONDS);
      this.#pauseUntilMs = performance.now() + pause * 1000;
    }
    if (!this.#closed) this.#open();
  }
}
