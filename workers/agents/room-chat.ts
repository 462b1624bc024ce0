import { randomUUID } from 'node:crypto';

/** Where the socket of the room is, and the ticket that opens it. */
export interface RoomAccess {
  url: string;
  ticket: string;
}

export interface ChatMessage {
  messageId: string;
  identity: string;
  name: string;
  text: string;
}

interface Frame extends ChatMessage {
  type: string;
  ticket: string;
}

const SUBPROTOCOL = 'auralink.v1';
const RETRY_MS = 1_000;
/** The most that a chat message may have. */
const MAX_TEXT = 4_000;

/** The socket of the room: the agent shows in it, reads and writes chat, and raises its hand. It is opened again when it is lost. */
export class RoomChat {
  readonly #url: string;
  readonly #signal: AbortSignal;
  readonly #onMessage: (message: ChatMessage) => void;
  #ticket: string;
  #socket: WebSocket | undefined;

  constructor({ url, ticket }: RoomAccess, onMessage: (message: ChatMessage) => void, signal: AbortSignal) {
    this.#url = url;
    this.#ticket = ticket;
    this.#onMessage = onMessage;
    this.#signal = signal;
    this.#open();
    signal.addEventListener('abort', () => this.#socket?.close(), { once: true });
  }

  write(text: string, replyTo: string): void {
    if (text !== '') this.#send({ type: 'chat.send', text: text.slice(0, MAX_TEXT), replyTo });
  }

  showHand(isRaised: boolean): void {
    this.#send({ type: isRaised ? 'hand.raise' : 'hand.lower' });
  }

  #send(frame: object): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#socket.send(JSON.stringify({ id: randomUUID(), ...frame }));
  }

  #open(): void {
    if (this.#signal.aborted) return;
    const socket = new WebSocket(this.#url, [SUBPROTOCOL, `ticket.${this.#ticket}`]);
    this.#socket = socket;
    socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'hello' })));
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(String(data)) as Frame));
    socket.addEventListener('close', () => setTimeout(() => this.#open(), RETRY_MS));
    socket.addEventListener('error', () => undefined); // `close` follows
  }

  #receive(frame: Frame): void {
    // Tickets end; the socket sends the next one.
    if (frame.type === 'ticket') this.#ticket = frame.ticket;
    if (frame.type === 'chat.message') this.#onMessage(frame);
  }
}
