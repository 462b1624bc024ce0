import { ApiError } from './api-error.ts';

const MAX_ATTEMPTS = 3;
/** When an answer or the next attempt takes longer, the visitor is asked to come back later. */
const MAX_WAIT_SECONDS = 15;
/** Errors that pass by themselves, for example when many people join at the same time. */
const TEMPORARY_ERROR_CODES = new Set([
  'request.rate_limited',
  'request.stale',
  'rooms.seats_unclaimed',
  'server.unavailable',
  'network',
]);

const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Calls the API once: for what must not be repeated when its answer was lost. @throws ApiError */
export async function sendRequest(
  method: string,
  path: string,
  body: unknown,
  token?: string,
): Promise<unknown> {
  const createNetworkError = () => new ApiError('network', 0, 1);
  const answer = await fetch(`/api/v1${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    credentials: 'omit',
    cache: 'no-store',
    // A broken network may never answer.
    signal: AbortSignal.timeout(MAX_WAIT_SECONDS * 1000),
  }).catch(() => Promise.reject(createNetworkError()));
  if (answer.status === 204) return undefined;
  if (!answer.ok) throw await readError(answer);
  return answer.json().catch(() => Promise.reject(createNetworkError()));
}

/** The error in an answer that is no success. */
async function readError(answer: Response): Promise<ApiError> {
  const { status, headers } = answer;
  // A proxy's error page: its status is enough.
  const content = (await answer.json().catch(() => ({}))) as { code?: string };
  const wait = Number(headers.get('Retry-After') ?? Number.NaN);
  return new ApiError(content.code ?? `status_${status}`, status, Number.isNaN(wait) ? null : wait);
}

/** Reads bytes, for as long as that takes. @throws ApiError */
export async function downloadBytes(path: string, token: string): Promise<Blob> {
  const networkError = () => Promise.reject(new ApiError('network', 0, 1));
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await fetch(`/api/v1${path}`, { headers, credentials: 'omit', cache: 'no-store' }).catch(
    networkError,
  );
  if (!answer.ok) throw await readError(answer);
  return answer.blob().catch(networkError);
}

/** Calls the API; repeats temporary errors. @throws ApiError */
export async function callApi(
  method: string,
  path: string,
  body?: unknown,
  token?: string,
): Promise<unknown> {
  for (let attempt = 1; ; attempt++)
    try {
      return await sendRequest(method, path, body, token);
    } catch (error) {
      if (!(error instanceof ApiError) || attempt === MAX_ATTEMPTS || !TEMPORARY_ERROR_CODES.has(error.code))
        throw error;
      const wait = (error.retryAfterSeconds ?? 1) + Math.random();
      if (wait > MAX_WAIT_SECONDS) throw error;
      await sleep(wait);
    }
}
