const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;

/** A refusal of the API, or no answer at all: `network`, of status 0. */
export class ApiError extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  readonly status: number;
  readonly retryAfterSeconds: number | null;

  constructor(code: string, status: number, retryAfterSeconds: number | null) {
    super(code);
    this.code = code;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Whether it says nothing of who asked: the same may be granted a little later. */
  get isTemporary(): boolean {
    return (
      this.status === 0 ||
      this.status === TOO_MANY_REQUESTS ||
      this.status >= SERVER_ERROR ||
      this.code === 'request.stale'
    );
  }
}
