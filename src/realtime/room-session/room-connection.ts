/** One socket, as the runtime gives it. */
export interface SocketHandle {
  send(text: string): void;
  close(code: number, reason: string): void;
  /** Bytes that were sent and not taken yet; runtimes from before November 2026 do not know. */
  readonly bufferedAmount: number | undefined;
  /** 1 while it is open. */
  readonly readyState: number;
  serializeAttachment(value: unknown): void;
  deserializeAttachment(): unknown;
}

/** What a socket is known by after the room was evicted: its attachment. */
export interface ConnectionAttachment {
  v: 1;
  identity: string;
  /** Set while this socket only waits in the lobby. */
  lobbyEntryId: string | null;
  hello: boolean;
  openedAtMs: number;
  /** When something was heard of it, give or take half a minute. */
  heardAtMs: number;
  ticketAtMs: number;
}

/** A socket while the room is awake. */
export interface RoomConnection extends Omit<ConnectionAttachment, 'v'> {
  readonly socket: SocketHandle;
  /** What it may hold back; more only while a replay is on its way. */
  bufferLimit: number;
  /** Frames it may still send at once; see `rate.rules.ts`. */
  tokens: number;
  tokensAtMs: number;
  badFrames: number;
  rateRefusals: number;
  /** Frames whose answers are under way. */
  asyncFrames: number;
  closed: boolean;
}

/** Only at the room's door. */
export const isInLobby = ({ lobbyEntryId }: Pick<RoomConnection, 'lobbyEntryId'>): boolean =>
  lobbyEntryId !== null;

/** In the room, not only at its door. */
export const isPresent = ({ lobbyEntryId, hello, closed }: RoomConnection): boolean =>
  lobbyEntryId === null && hello && !closed;
