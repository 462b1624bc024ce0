import { type Admission, comeBack, join, Refusal, type Waiting } from './api.ts';

interface Kept {
  /** Makes joining repeatable: the same key is the same guest. */
  visitorKey: string;
  name: string;
  roomId?: string;
  guestTicket?: string;
}

const KEY_BYTES = 18;

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}

/** Who the visitor is at this link, for as long as the tab is open; in memory where the browser keeps nothing. */
export class Guest {
  readonly #slot: string;
  readonly #code: string;
  #kept: Kept;

  constructor(code: string) {
    this.#code = code;
    this.#slot = `auralink.guest.${code}`;
    this.#kept = { visitorKey: newKey(), name: '', ...this.#read() };
  }

  get name(): string {
    return this.#kept.name;
  }

  get ticket(): string {
    return this.#kept.guestTicket ?? '';
  }

  /** Joins, or comes back to the place they had. @throws Refusal */
  async enter(name: string, password: string | undefined): Promise<Admission | Waiting> {
    this.#keep({ name });
    const { roomId, guestTicket, visitorKey } = this.#kept;
    if (roomId !== undefined && guestTicket !== undefined)
      try {
        return await comeBack(roomId, guestTicket, name);
      } catch (error) {
        if (!(error instanceof Refusal) || !error.code.startsWith('auth.')) throw error;
      }
    const place = await join(this.#code, { name, password, visitorKey });
    this.#keep({ roomId: place.roomId, guestTicket: place.guestTicket! });
    return place;
  }

  /** Forgets who they were: whoever uses this tab next is somebody else. */
  forget(): void {
    this.#kept = { visitorKey: newKey(), name: this.#kept.name };
    this.#write();
  }

  #keep(part: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...part };
    this.#write();
  }

  #read(): Partial<Kept> {
    try {
      return JSON.parse(sessionStorage.getItem(this.#slot) ?? '{}') as Partial<Kept>;
    } catch {
      return {}; // the browser keeps nothing for this page
    }
  }

  #write(): void {
    try {
      sessionStorage.setItem(this.#slot, JSON.stringify(this.#kept));
    } catch {
      return; // the browser keeps nothing for this page: memory does
    }
  }
}
