import { byId, setText } from '../dom.ts';

/** A sign that somebody is typing counts this long, also when its end gets lost. */
const SHOWN_MS = 8_000;
const REPEAT_MS = 4_000;
const IDLE_MS = 5_000;

const describe = (names: readonly string[]): string => {
  if (names.length === 0) return '';
  if (names.length > 2) return 'Several people are typing…';
  return `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} typing…`;
};

/** Shows who is typing, and lets others see that the visitor is. */
export class Typing {
  readonly #send: (on: boolean) => void;
  readonly #ends = new Map<string, ReturnType<typeof setTimeout>>();
  #nameOf: (identity: string) => string = () => '';
  #sentAt = -Infinity;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (on: boolean) => void) {
    this.#send = send;
    byId('message', HTMLTextAreaElement).addEventListener('input', () => this.#handleInput());
    byId('chat-form', HTMLFormElement).addEventListener('submit', () => this.stop());
  }

  receive(identity: string, on: boolean, nameOf: (identity: string) => string): void {
    this.#nameOf = nameOf;
    clearTimeout(this.#ends.get(identity));
    this.#ends.delete(identity);
    if (on)
      this.#ends.set(
        identity,
        setTimeout(() => {
          this.#ends.delete(identity);
          this.#show();
        }, SHOWN_MS),
      );
    this.#show();
  }

  /** The visitor sent the message or left. */
  stop(): void {
    clearTimeout(this.#idle);
    if (this.#sentAt > -Infinity) this.#send(false);
    this.#sentAt = -Infinity;
  }

  clear(): void {
    this.stop();
    for (const end of this.#ends.values()) clearTimeout(end);
    this.#ends.clear();
    this.#show();
  }

  #handleInput(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.stop(), IDLE_MS);
    if (performance.now() - this.#sentAt < REPEAT_MS) return;
    this.#sentAt = performance.now();
    this.#send(true);
  }

  #show(): void {
    setText(byId('typing-note', HTMLElement), describe([...this.#ends.keys()].map(this.#nameOf)));
  }
}
