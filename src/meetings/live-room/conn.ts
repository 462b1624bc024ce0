/** One socket, as the runtime gives it. */
export interface Line {
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
export interface Attachment {
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
export interface Conn extends Omit<Attachment, 'v'> {
  readonly line: Line;
  /** What it may hold back; more only while a replay is on its way. */
  allowance: number;
  /** Frames it may still send at once; see `rate.rules.ts`. */
  tokens: number;
  tokensAtMs: number;
  strikes: number;
  refusals: number;
  /** Frames whose answers are under way. */
  working: number;
  closed: boolean;
}

/** Only at the room's door. */
export const isWaiting = ({ lobbyEntryId }: Pick<Conn, 'lobbyEntryId'>): boolean => lobbyEntryId !== null;

/** In the room, not only at its door. */
export const isPresent = ({ lobbyEntryId, hello, closed }: Conn): boolean =>
  lobbyEntryId === null && hello && !closed;
