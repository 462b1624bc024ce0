import {
  backoffMs,
  type RoomCursor,
  nextCursor,
  type SocketEnd,
  socketEndOf,
  PING_SECONDS,
  PING_TEXT,
  type RoomServerFrame,
  SUBPROTOCOL,
} from './frames.ts';
import { ApiError } from './api-error.ts';

export interface SocketHooks {
  handleFrame(frame: RoomServerFrame): void;
  /** Whether it is open; it opens again by itself. */
  handleConnection(open: boolean): void;
  /** It does not open again: why. */
  handleEnd(ending: Exclude<SocketEnd, 'resume' | 'ask'>): void;
  /** It does not open again, because the API lets them come back no more. @param code of the refusal */
  handleRefusal(code: string): void;
  /** Its ticket may be good no more: asks the API for the place anew. @throws Refusal */
  rejoin(): Promise<{ url: string; ticket: string }>;
}

/** What a browser says of a connection that ended without a word. */
const ABNORMAL_CLOSURE = 1006;
/** Refused so often in a row, a ticket is taken for worthless. */
const REFUSALS_BEFORE_ASKING = 2;
/** The API is asked again after so long, whatever it said. */
const MAX_PAUSE_SECONDS = 60;

/**
 * The room's socket: opens again after a break where it left off, so that nothing is missed or told twice. However long
 * the break is, it goes on trying, with the ticket it has while the API cannot give another one.
 */
export class RoomSocket {
  #url: string;
  readonly #hooks: SocketHooks;
  #ticket: string;
  #socket: WebSocket | undefined;
  #cursor: RoomCursor | null = null;
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
    let isAnswered = true;
    const isOver = () => this.#closed || this.#socket !== socket;
    const end = (code: number) => {
      if (isOver()) return;
      this.#socket = undefined;
      clearInterval(this.#pinger);
      this.#handleClose(socketEndOf(code, opened));
    };
    this.#socket = socket;
    socket.addEventListener('open', () => {
      opened = true;
      socket.send(JSON.stringify({ type: 'hello', cursor: this.#cursor }));
      this.#pinger = setInterval(() => {
        // Not even the last ping was answered: a break that the browser takes minutes to notice.
        if (!isAnswered) {
          socket.close();
          return end(ABNORMAL_CLOSURE);
        }
        isAnswered = false;
        socket.send(PING_TEXT);
      }, PING_SECONDS * 1000);
    });
    socket.addEventListener('message', ({ data }: { data: unknown }) => {
      isAnswered = true;
      if (!isOver()) this.#receiveFrame(JSON.parse(data as string) as RoomServerFrame);
    });
    socket.addEventListener('close', ({ code }) => end(code));
  }

  #receiveFrame(frame: RoomServerFrame): void {
    if (frame.type === 'ticket') this.#ticket = frame.ticket;
    if (frame.type === 'welcome' || frame.type === 'resumed' || frame.type === 'waiting') {
      this.#attempt = 0;
      this.#hooks.handleConnection(true);
    }
    this.#cursor = nextCursor(this.#cursor, frame);
    this.#hooks.handleFrame(frame);
  }

  #handleClose(ending: SocketEnd): void {
    if (ending !== 'resume' && ending !== 'ask') {
      this.#closed = true;
      this.#hooks.handleEnd(ending);
      return;
    }
    this.#hooks.handleConnection(false);
    const mayAsk = performance.now() >= this.#pauseUntilMs;
    const shouldAsk = ending === 'ask' && this.#attempt >= REFUSALS_BEFORE_ASKING && mayAsk;
    const wait = backoffMs(this.#attempt++, Math.random());
    this.#retry = setTimeout(() => (shouldAsk ? void this.#requestTicket() : this.#open()), wait);
  }

  async #requestTicket(): Promise<void> {
    try {
      const { url, ticket } = await this.#hooks.rejoin();
      this.#url = url;
      this.#ticket = ticket;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (this.#closed) return;
      if (!error.isTemporary) {
        this.#closed = true;
        return this.#hooks.handleRefusal(error.code);
      }
      const pause = Math.min(error.retryAfterSeconds ?? 0, MAX_PAUSE_SECONDS);
      this.#pauseUntilMs = performance.now() + pause * 1000;
    }
    if (!this.#closed) this.#open();
  }
}
