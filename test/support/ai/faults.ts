/** How the next answer of the stand-in goes wrong. */
export type Fault =
  /** Refused with a status, before anything is produced. */
  | { kind: 'status'; status: number; retryAfterSeconds?: number; type?: string; message?: string }
  /** The connection ends after so many pieces of text. */
  | { kind: 'cut'; after: number }
  /** The answer ends, as if it were complete, after so many pieces. */
  | { kind: 'end_early'; after: number }
  /** Nothing more comes after so many pieces, and the connection stays open; -1: not even headers. */
  | { kind: 'stall'; after: number }
  /** An event that is no JSON, after so many pieces. */
  | { kind: 'malformed'; after: number }
  /** An event that says an error, after so many pieces. */
  | { kind: 'error_event'; after: number; type: string }
  /** A line of so many bytes, after so many pieces. */
  | { kind: 'long_line'; after: number; bytes: number }
  /** Figures at the end that are no counts. */
  | { kind: 'wrong_usage' };
