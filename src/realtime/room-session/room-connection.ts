import type { SocketHandle } from '../sockets/index.ts';

/** What is stored with a socket, and so outlives a hibernation. */
export interface ConnectionAttachment {
  v: 1;
  identity: string;
  /** Set while this socket only waits in the lobby. */
  lobbyEntryId: string | null;
  hello: boolean;
  openedAtMs: number;
  /** When the last frame arrived, to half a minute. */
  frameAtMs: number;
  ticketAtMs: number;
}

/** A socket while the room is awake. */
export interface RoomConnection extends Omit<ConnectionAttachment, 'v'> {
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

/** Whether the socket is in the room and has said hello. */
export const isPresent = ({ lobbyEntryId, hello, closed }: RoomConnection): boolean =>
  lobbyEntryId === null && hello && !closed;
