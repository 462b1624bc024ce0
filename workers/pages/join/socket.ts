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
import { ApiError } from '../common/api-error.ts';

export interface SocketHooks {
  handleFrame(frame: RoomServerFrame): void;
  /** The socket opened or closed; it reopens by itself. */
  handleConnection(open: boolean): void;
  /** The socket ended for good. */
  handleEnd(ending: Exclude<SocketEnd, 'resume' | 'ask'>): void;
  /** The socket ended for good, because the API refused to renew the ticket. @param code of the API's error */
  handleRefusal(code: string): void;
  /** The ticket may have expired: asks the API to join again. @throws ApiError */
  rejoin(): Promise<{ url: string; ticket: string }>;
}

/** The close code of a connection that broke. */
const ABNORMAL_CLOSURE = 1006;
/** After this many refusals in a row the ticket is considered expired. */
const REFUSALS_BEFORE_ASKING = 2;
/** The longest `Retry-After` that is respected. */
const MAX_PAUSE_SECONDS = 60;

/**
 * The room's socket. After a break it reopens and resumes at its cursor, so that no event is missed or repeated. It retries
 * however long the break is, with its current ticket while the API cannot renew it.
 */
export class RoomSocket {
  #url: string;
  readonly #hooks: SocketHooks;
  #ticket: string;
  #socket: WebSocket | undefined;
  #cursor: RoomCursor | null = null;
  #attempt = 0;
  /** The API is not asked again before. */
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
        // The last ping was not answered: the connection is broken, which the browser would notice minutes later.
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
