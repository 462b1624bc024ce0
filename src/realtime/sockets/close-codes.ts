/** Why the server closes a socket, as the close frame says it. */
export interface SocketClose {
  code: number;
  reason: string;
}

/** The reasons that every socket has in common; each socket lists them among its own. */
export const SHARED_CLOSE_CODES = {
  badFrames: { code: 4400, reason: 'too many frames that are not valid' },
  replaced: { code: 4409, reason: 'replaced by a newer socket of the same person' },
  lagging: { code: 4413, reason: 'reads too slowly: resume' },
  tooLarge: { code: 1009, reason: 'the frame is too large' },
  flooding: { code: 4429, reason: 'sends too fast' },
} as const satisfies Record<string, SocketClose>;
