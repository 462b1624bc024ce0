import { type Admission, rejoin, enterRoom, joinByLink, type LobbyWait } from './api.ts';
import { ApiError } from '../common/api-error.ts';

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

/** Whether the visitor has to agree to be recorded first. */
export const asksForConsent = ({ code }: ApiError): boolean => code === 'rooms.recording_consent_required';
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

  /**
   * Joins, or rejoins with the ticket from before.
   * @param recordingConsent whether the visitor agreed to be recorded @throws ApiError
   */
  async enter(
    name: string,
    password: string | undefined,
    recordingConsent: boolean,
  ): Promise<Admission | LobbyWait> {
    this.#store({ name });
    const { away, home, visitorKey } = this.#stored;
    // A room that the guest was moved to may be gone: then try the link's room, and then the link itself.
    const rejoined =
      (await this.#tryRejoin(away, recordingConsent, (error) => !asksForConsent(error))) ??
      (await this.#tryRejoin(home, recordingConsent, isExpired));
    if (rejoined) return rejoined;
    const admission = await joinByLink(this.#code, { name, password, visitorKey, recordingConsent });
    this.#store({ home: { roomId: admission.roomId, guestTicket: admission.guestTicket! } });
    return admission;
  }

  /** Enters the room that the guest was moved to. @throws ApiError */
  async followMove(roomId: string, ticket: string, recordingConsent: boolean): Promise<Admission> {
    const admission = await enterRoom(roomId, { ticket, recordingConsent });
    const { guestTicket } = admission;
    const isHome = roomId === this.#stored.home?.roomId;
    this.#store({ away: isHome || !guestTicket ? undefined : { roomId, guestTicket } });
    return admission;
  }

  /** @param isGone whether an error means that the credential is of no more use; any other error is shown to the guest */
  async #tryRejoin(
    credential: RoomCredential | undefined,
    recordingConsent: boolean,
    isGone: (error: ApiError) => boolean,
  ): Promise<Admission | LobbyWait | undefined> {
    if (!credential) return undefined;
    try {
      return await rejoin(credential.roomId, credential.guestTicket, {
        name: this.#stored.name,
        recordingConsent,
      });
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
