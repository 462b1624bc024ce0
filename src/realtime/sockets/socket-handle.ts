/** The server's end of one WebSocket, as the runtime gives it. */
export interface SocketHandle {
  send(text: string): void;
  close(code: number, reason: string): void;
  /** Bytes that were sent and not yet taken by the network; runtimes from before November 2026 do not know. */
  readonly bufferedAmount: number | undefined;
  /** 1 while it is open. */
  readonly readyState: number;
  /** Stores what is known of the socket with it: it outlives a hibernation. */
  serializeAttachment(value: unknown): void;
  deserializeAttachment(): unknown;
}

/** A socket that holds back more than this reads too slowly; it is closed and resumes with its cursor. */
export const MAX_BUFFERED_BYTES = 256 * 1024;
