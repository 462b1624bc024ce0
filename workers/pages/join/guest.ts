import { type Admission, comeBack, enterRoom, join, type Waiting } from './api.ts';
import { Refusal } from './refusal.ts';

interface Place {
  roomId: string;
  guestTicket: string;
}

interface Kept {
  /** Makes joining repeatable: the same key is the same guest. */
  visitorKey: string;
  name: string;
  /** The room that the link leads to. */
  home?: Place;
  /** The room that they were moved to. */
  away?: Place | undefined;
}

const isExpired = ({ code }: Refusal): boolean => code.startsWith('auth.');

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
    return (this.#kept.away ?? this.#kept.home)?.guestTicket ?? '';
  }

  /** Joins, or comes back to the place they had. @throws Refusal */
  async enter(name: string, password: string | undefined): Promise<Admission | Waiting> {
    this.#keep({ name });
    const { away, home, visitorKey } = this.#kept;
    // A room that one was moved to is there for a while; the first one, and then the link, are always worth a try.
    const back = (await this.#return(away, () => true)) ?? (await this.#return(home, isExpired));
    if (back) return back;
    const place = await join(this.#code, { name, password, visitorKey });
    this.#keep({ home: { roomId: place.roomId, guestTicket: place.guestTicket! } });
    return place;
  }

  /** Goes where they were moved to. @throws Refusal */
  async follow(roomId: string, ticket: string): Promise<Admission> {
    const place = await enterRoom(roomId, ticket);
    const { guestTicket } = place;
    const isHome = roomId === this.#kept.home?.roomId;
    this.#keep({ away: isHome || !guestTicket ? undefined : { roomId, guestTicket } });
    return place;
  }

  /** @param isGone whether a refusal means that there is no way back to the place; any other is theirs to hear of */
  async #return(
    place: Place | undefined,
    isGone: (refusal: Refusal) => boolean,
  ): Promise<Admission | Waiting | undefined> {
    if (!place) return undefined;
    try {
      return await comeBack(place.roomId, place.guestTicket, this.#kept.name);
    } catch (error) {
      if (!(error instanceof Refusal) || error.passes || !isGone(error)) throw error;
      if (place === this.#kept.away) this.#keep({ away: undefined });
      return undefined;
    }
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
