import type { Credential } from './credentials.ts';
import { AuraLinkConnectionError, readRetryAfter } from './errors.ts';

export interface FetchOptions {
  credential?: Credential;
  /** How often a request is repeated at most. */
  maxRetries?: number;
  /** Milliseconds until the headers of an answer must have arrived. */
  timeoutMs?: number;
  /** The longest pause that is made before a repetition, in milliseconds; a longer `Retry-After` is left to the caller. */
  maxPauseMs?: number;
  fetch?: (request: Request) => Promise<Response>;
  sleep?: (ms: number) => Promise<void>;
  /** In [0, 1). */
  random?: () => number;
}

const FIRST_PAUSE_MS = 250;
const MAX_RETRIES = 3;
const TIMEOUT_MS = 65_000;
const MAX_PAUSE_MS = 30_000;

/** Repeating these changes nothing more than the first time. */
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);
/** Answers after which the same request may succeed. */
const TEMPORARY = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Refusals of a credential that was valid once: another one may be taken. */
const OUTDATED = new Set(['auth.expired_token', 'auth.outdated_token']);

const isRepeatable = ({ method, headers }: Request) =>
  REPEATABLE.has(method) || headers.has('idempotency-key');

/** Whether the API says that it did nothing, so that any request may be repeated. */
const hasDoneNothing = (status: number) => status === 429;

async function codeOf(response: Response): Promise<unknown> {
  try {
    return ((await response.clone().json()) as { code?: unknown }).code;
  } catch {
    return undefined;
  }
}

/** `fetch` with a time limit for the headers. @throws AuraLinkConnectionError */
async function fetchWithin(
  request: Request,
  timeoutMs: number,
  fetcher: (request: Request) => Promise<Response>,
) {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeoutMs);
  try {
    return await fetcher(new Request(request, { signal: AbortSignal.any([request.signal, late.signal]) }));
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    const message = late.signal.aborted ? `no answer within ${timeoutMs} ms` : 'the connection failed';
    throw new AuraLinkConnectionError(message, { cause });
  } finally {
    clearTimeout(timer);
  }
}

function withToken(request: Request, token: string): Request {
  const headers = new Headers(request.headers);
  headers.set('authorization', `Bearer ${token}`);
  return new Request(request, { headers });
}

/**
 * `fetch` for the API. A request that fails for a time is repeated, after what `Retry-After` says or after a pause that doubles, when
 * repeating it is safe: by its method, by its `Idempotency-Key`, or because the API has done nothing. A request whose token was refused as
 * expired or outdated is repeated once with another one.
 */
export function createFetch(options: FetchOptions = {}): (request: Request) => Promise<Response> {
  const { credential, maxRetries = MAX_RETRIES, timeoutMs = TIMEOUT_MS, maxPauseMs = MAX_PAUSE_MS } = options;
  const fetcher = options.fetch ?? ((request: Request) => fetch(request));
  const sleep = options.sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  const random = options.random ?? Math.random;

  const pauseMs = (attempt: number, response: Response | undefined) => {
    const seconds = response && readRetryAfter(response.headers);
    return seconds === undefined ? FIRST_PAUSE_MS * 2 ** attempt * (0.5 + random() / 2) : seconds * 1000;
  };

  const send = async (request: Request): Promise<Response> => {
    const canRepeat = isRepeatable(request);
    for (let attempt = 0; ; attempt++) {
      let response: Response | undefined;
      try {
        response = await fetchWithin(request.clone(), timeoutMs, fetcher);
        const mayRepeat = canRepeat || hasDoneNothing(response.status);
        const isInProgress = response.status === 409 && (await codeOf(response)) === 'idempotency.in_flight';
        if (!isInProgress && !(TEMPORARY.has(response.status) && mayRepeat)) return response;
      } catch (error) {
        if (!(error instanceof AuraLinkConnectionError) || !canRepeat || attempt >= maxRetries) throw error;
      }
      const pause = pauseMs(attempt, response);
      if (response && (attempt >= maxRetries || pause > maxPauseMs)) return response;
      await response?.body?.cancel();
      await sleep(pause);
    }
  };

  return async (request) => {
    const token = request.headers.get('authorization')?.replace(/^Bearer /, '');
    const response = await send(request.clone());
    if (!credential || token === undefined || response.status !== 401) return response;
    if (!OUTDATED.has((await codeOf(response)) as string)) return response;
    const renewed = await credential.renew(token);
    return renewed === undefined ? response : send(withToken(request, renewed));
  };
}
