const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;

/** An error of the API, or `network` with status 0 when there was no answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly status: number;
  readonly retryAfterSeconds: number | null;

  constructor(code: string, status: number, retryAfterSeconds: number | null) {
    super(code);
    this.code = code;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Whether the same request may succeed a little later. */
  get isTemporary(): boolean {
    return (
      this.status === 0 ||
      this.status === TOO_MANY_REQUESTS ||
      this.status >= SERVER_ERROR ||
      this.code === 'request.stale'
    );
  }
}
