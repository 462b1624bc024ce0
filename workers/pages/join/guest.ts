import { type Admission, rejoin, enterRoom, joinByLink, type LobbyWait } from './api.ts';
import { ApiError } from './api-error.ts';

interface RoomCredential {
  roomId: string;
  guestTicket: string;
}

interface StoredGuest {
  /** Makes joining repeatable: the same key is the same guest. */
  visitorKey: string;
  name: string;
  /** The room that the link leads to. */
  home?: RoomCredential;
  /** The room that they were moved to. */
  away?: RoomCredential | undefined;
}

const isExpired = ({ code }: ApiError): boolean => code.startsWith('auth.');

const KEY_BYTES = 18;

function createVisitorKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}

/** Who the visitor is at this link, for as long as the tab is open; in memory where the browser keeps nothing. */
export class Guest {
  readonly #storageKey: string;
  readonly #code: string;
  #stored: StoredGuest;

  constructor(code: string) {
    this.#code = code;
    this.#storageKey = `auralink.guest.${code}`;
    this.#stored = { visitorKey: createVisitorKey(), name: '', ...this.#read() };
  }

  get name(): string {
    return this.#stored.name;
  }

  get ticket(): string {
    return (this.#stored.away ?? this.#stored.home)?.guestTicket ?? '';
  }

  /** Joins, or comes back to the place they had. @throws Refusal */
  async enter(name: string, password: string | undefined): Promise<Admission | LobbyWait> {
    this.#store({ name });
    const { away, home, visitorKey } = this.#stored;
    // A room that one was moved to is there for a while; the first one, and then the link, are always worth a try.
    const rejoined = (await this.#tryRejoin(away, () => true)) ?? (await this.#tryRejoin(home, isExpired));
    if (rejoined) return rejoined;
    const admission = await joinByLink(this.#code, { name, password, visitorKey });
    this.#store({ home: { roomId: admission.roomId, guestTicket: admission.guestTicket! } });
    return admission;
  }

  /** Goes where they were moved to. @throws Refusal */
  async followMove(roomId: string, ticket: string): Promise<Admission> {
    const admission = await enterRoom(roomId, ticket);
    const { guestTicket } = admission;
    const isHome = roomId === this.#stored.home?.roomId;
    this.#store({ away: isHome || !guestTicket ? undefined : { roomId, guestTicket } });
    return admission;
  }

  /** @param isGone whether a refusal means that there is no way back to the place; any other is theirs to hear of */
  async #tryRejoin(
    credential: RoomCredential | undefined,
    isGone: (refusal: ApiError) => boolean,
  ): Promise<Admission | LobbyWait | undefined> {
    if (!credential) return undefined;
    try {
      return await rejoin(credential.roomId, credential.guestTicket, this.#stored.name);
    } catch (error) {
      if (!(error instanceof ApiError) || error.isTemporary || !isGone(error)) throw error;
      if (credential === this.#stored.away) this.#store({ away: undefined });
      return undefined;
    }
  }

  #store(part: Partial<StoredGuest>): void {
    this.#stored = { ...this.#stored, ...part };
    this.#write();
  }

  #read(): Partial<StoredGuest> {
    try {
      return JSON.parse(sessionStorage.getItem(this.#storageKey) ?? '{}') as Partial<StoredGuest>;
    } catch {
      return {}; // the browser keeps nothing for this page
    }
  }

  #write(): void {
    try {
      sessionStorage.setItem(this.#storageKey, JSON.stringify(this.#stored));
    } catch {
      return; // the browser keeps nothing for this page: memory does
    }
  }
}
