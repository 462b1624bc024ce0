import type { SocketHandle } from '../sockets/index.ts';

/** The data that is stored with a socket, so that it outlives a hibernation. */
export interface ConnectionAttachment {
  v: 1;
  identity: string;
  /** The credential behind its ticket, see `RoomTicketClaims`; absent in a socket opened before it was stored. */
  credential?: string | null;
  /** When that was last proven, milliseconds; absent likewise. */
  provenAtMs?: number;
  /** Set while this socket only waits in the lobby. */
  lobbyEntryId: string | null;
  hello: boolean;
  openedAtMs: number;
  /** When the last frame arrived, to half a minute. */
  frameAtMs: number;
  ticketAtMs: number;
  /** When each signal that the socket gives ends, milliseconds, by its name; absent in a socket opened before they ended. */
  signals?: Readonly<Record<string, number>>;
}

/** A socket while the room is awake. */
export interface RoomConnection extends Required<Omit<ConnectionAttachment, 'v'>> {
  readonly socket: SocketHandle;
  /** Bytes it may hold back; more than usual only during a replay. */
  bufferLimit: number;
  /** Frames it may still send at once; see `rate.rules.ts`. */
  tokens: number;
  tokensAtMs: number;
  badFrames: number;
  rateRefusals: number;
  /** Frames that are waiting for other parts of the product. */
  asyncFrames: number;
  closed: boolean;
}

export const isInLobby = ({ lobbyEntryId }: Pick<RoomConnection, 'lobbyEntryId'>): boolean =>
  lobbyEntryId !== null;

/**
 * Whether the credential behind the socket has ended; also true for a socket of its user without a stored credential.
 */
export const restsOn = (
  { credential, identity }: Pick<RoomConnection, 'credential' | 'identity'>,
  ended: { credential: string; userId: string | null },
): boolean => (credential === null ? identity === ended.userId : credential === ended.credential);

/** Whether the socket is in the room and has said hello. */
export const isPresent = ({ lobbyEntryId, hello, closed }: RoomConnection): boolean =>
  lobbyEntryId === null && hello && !closed;
