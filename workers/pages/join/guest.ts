import { type Admission, rejoin, enterRoom, joinByLink, type LobbyWait } from './api.ts';
import { ApiError } from './api-error.ts';

interface RoomCredential {
  roomId: string;
  guestTicket: string;
}

interface StoredGuest {
  /** Makes joining repeatable: the same key is always the same guest. */
  visitorKey: string;
  name: string;
  /** For the link's room. */
  home?: RoomCredential;
  /** For the room that the guest was moved to. */
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

/** The visitor's identity at this link while the tab is open; kept in memory where the browser offers no storage. */
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

  /** Joins, or rejoins with the ticket from before. @throws ApiError */
  async enter(name: string, password: string | undefined): Promise<Admission | LobbyWait> {
    this.#store({ name });
    const { away, home, visitorKey } = this.#stored;
    // A room that the guest was moved to may be gone: then try the link's room, and then the link itself.
    const rejoined = (await this.#tryRejoin(away, () => true)) ?? (await this.#tryRejoin(home, isExpired));
    if (rejoined) return rejoined;
    const admission = await joinByLink(this.#code, { name, password, visitorKey });
    this.#store({ home: { roomId: admission.roomId, guestTicket: admission.guestTicket! } });
    return admission;
  }

  /** Enters the room that the guest was moved to. @throws ApiError */
  async followMove(roomId: string, ticket: string): Promise<Admission> {
    const admission = await enterRoom(roomId, ticket);
    const { guestTicket } = admission;
    const isHome = roomId === this.#stored.home?.roomId;
    this.#store({ away: isHome || !guestTicket ? undefined : { roomId, guestTicket } });
    return admission;
  }

  /** @param isGone whether an error means that the credential is of no more use; any other error is shown to the guest */
  async #tryRejoin(
    credential: RoomCredential | undefined,
    isGone: (error: ApiError) => boolean,
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
      return {}; // the browser offers no storage
    }
  }

  #write(): void {
    try {
      sessionStorage.setItem(this.#storageKey, JSON.stringify(this.#stored));
    } catch {
      return; // the browser offers no storage: memory has it
    }
  }
}
