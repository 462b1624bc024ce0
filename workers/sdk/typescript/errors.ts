/** A field of a request that is not valid. */
export interface InvalidField {
  /** JSON pointer into the body, or `#/query/…`, `#/path/…` or `#/header/…`. */
  pointer: string;
  message: string;
}

/** The body of an error of the API (RFC 9457). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  requestId: string;
  detail?: string;
  instance?: string;
  errors?: InvalidField[];
  [extension: string]: unknown;
}

/** The API has refused a request, or could not answer it. */
export class AuraLinkError extends Error {
  override readonly name = 'AuraLinkError';
  readonly problem: Problem;
  /** Seconds after which the same request may succeed, if the API says so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Problem, retryAfterSeconds?: number) {
    super(problem.detail ? `${problem.title}: ${problem.detail}` : problem.title);
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Stable, such as `request.rate_limited`: what programs decide by. */
  get code(): string {
    return this.problem.code;
  }

  /** Status of the response. */
  get status(): number {
    return this.problem.status;
  }

  /** Give it to support. */
  get requestId(): string {
    return this.problem.requestId;
  }

  /** The fields that are not valid; empty unless the code is `request.invalid`. */
  get fields(): readonly InvalidField[] {
    return this.problem.errors ?? [];
  }
}

/**
 * No answer arrived: the connection failed, or the answer took longer than the time limit. The API may have done what
 * was asked.
 */
export class AuraLinkConnectionError extends Error {
  override readonly name = 'AuraLinkConnectionError';
}

/** Whether an error is one of the API with this code. */
export const hasCode = (error: unknown, code: string): error is AuraLinkError =>
  error instanceof AuraLinkError && error.code === code;

/** `Retry-After` in seconds; undefined without one. */
export function readRetryAfter(headers: Headers): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && typeof (value as Problem).code === 'string';

/** The error of a response that is not successful. What is between the API and its client may answer without a problem. */
export function errorOfResponse(body: unknown, response: Response | undefined): Error {
  if (!response) return body instanceof Error ? body : new AuraLinkConnectionError(String(body));
  const problem: Problem = isProblem(body)
    ? body
    : {
        type: 'about:blank',
        title: `The answer ${response.status} is not one of the API`,
        status: response.status,
        code: 'client.unexpected_answer',
        requestId: response.headers.get('x-request-id') ?? '',
      };
  return new AuraLinkError(problem, readRetryAfter(response.headers));
}
