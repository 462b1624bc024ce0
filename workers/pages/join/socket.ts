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

export interface SocketHooks {
  frame(frame: ServerFrame): void;
  /** Whether it is open; it opens again by itself. */
  connected(open: boolean): void;
  /** It does not open again: why. */
  over(ending: Exclude<Ending, 'resume' | 'ask'>): void;
  /** Its ticket may be good no more: the API gives another one, or null when there is no way back. */
  freshTicket(): Promise<string | null>;
}

/** Refused so often in a row, a ticket is taken for worthless. */
const REFUSALS = 2;

/** The room's socket: opens again after a break where it left off, so that nothing is missed or told twice. */
export class RoomSocket {
  readonly #url: string;
  readonly #hooks: SocketHooks;
  #ticket: string;
  #socket: WebSocket | undefined;
  #cursor: Cursor | null = null;
  #attempt = 0;
  #pinger: number | undefined;
  #retry: number | undefined;
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
    this.#socket = socket;
    socket.addEventListener('open', () => {
      opened = true;
      socket.send(JSON.stringify({ type: 'hello', cursor: this.#cursor }));
      this.#pinger = setInterval(() => socket.send(PING_TEXT), PING_SECONDS * 1000);
    });
    socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
      if (!this.#closed) this.#hear(JSON.parse(data) as ServerFrame);
    });
    socket.addEventListener('close', ({ code }) => {
      clearInterval(this.#pinger);
      if (!this.#closed) this.#ended(endingOf(code, opened));
    });
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
    const asks = ending === 'ask' && this.#attempt >= REFUSALS;
    const wait = backoffMs(this.#attempt++, Math.random());
    this.#retry = setTimeout(() => void this.#again(asks), wait);
  }

  async #again(asks: boolean): Promise<void> {
    if (asks) {
      const ticket = await this.#hooks.freshTicket();
      if (this.#closed || ticket === null) return;
      this.#ticket = ticket;
    }
    this.#open();
  }
}
