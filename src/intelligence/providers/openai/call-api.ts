import type { z } from '@hono/zod-openapi';
import { createGuardedFetch, ProviderFailure, type ResponseLimits } from '../index.ts';
import { apiErrorSchema, failureOfError } from './failures.rules.ts';

export interface ApiOptions {
  /** The name of the provider in failures. */
  provider: string;
  /** Address of its API: `https://api.openai.com`. */
  apiUrl: string;
  secret: string;
  headers?: Readonly<Record<string, string>>;
  /** Replaces the limits of a request. */
  limits?: ResponseLimits | undefined;
  /** Replaces the `fetch` of the platform. */
  fetcher?: typeof fetch | undefined;
}

export interface ApiRequest {
  method?: string;
  body?: BodyInit;
  headers?: Readonly<Record<string, string>>;
  /** Milliseconds until the answer must have begun. */
  answerMs?: number;
  /** Most bytes of the answer. */
  bytes?: number;
  signal?: AbortSignal;
}

const ANSWER_MS = 40_000;
const STALL_MS = 20_000;
const ANSWER_BYTES = 16 * 1024 * 1024;

const secondsToMs = (text: string | null): number | undefined =>
  text !== null && Number(text) > 0 ? Number(text) * 1000 : undefined;

async function failureOf(provider: string, response: Response): Promise<ProviderFailure> {
  const parsed = apiErrorSchema.safeParse(await response.json().catch(() => undefined));
  const [kind, details] = failureOfError(parsed.data ?? {}, response.status);
  return new ProviderFailure(provider, kind, {
    ...details,
    retryAfterMs: secondsToMs(response.headers.get('retry-after')),
  });
}

const isTimeLimit = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'TimeoutError';

/**
 * Sends one request to the API.
 * @throws ProviderFailure for every unsuccessful answer, and `stalled` when `signal` was a time limit that has passed;
 * otherwise the reason of `signal`
 */
export async function callApi(
  { provider, apiUrl, secret, headers, limits: ownLimits, fetcher }: ApiOptions,
  path: string,
  { method = 'POST', answerMs = ANSWER_MS, bytes = ANSWER_BYTES, signal, ...request }: ApiRequest = {},
): Promise<Response> {
  const limits = ownLimits ?? { answerMs, stallMs: STALL_MS, lineBytes: bytes, bytes };
  const isStream = request.body instanceof ReadableStream;
  const response = await createGuardedFetch(
    provider,
    limits,
    fetcher,
  )(`${apiUrl.replace(/\/$/, '')}${path}`, {
    method,
    ...(request.body !== undefined && { body: request.body }),
    headers: { Authorization: `Bearer ${secret}`, ...headers, ...request.headers },
    // The platform does not support `redirect: error`; a redirect counts as an unsuccessful answer.
    redirect: 'manual',
    ...(signal && { signal }),
    // Node requires it when a body is a stream.
    ...(isStream && { duplex: 'half' }),
  }).catch((cause: unknown) => {
    throw isTimeLimit(cause) ? new ProviderFailure(provider, 'stalled', { cause }) : cause;
  });
  if (response.ok) return response;
  throw await failureOf(provider, response);
}

/** The answer, validated by its schema. @throws ProviderFailure `malformed` when it does not match */
export async function readAnswer<T>(provider: string, response: Response, schema: z.ZodType<T>): Promise<T> {
  try {
    return schema.parse(await response.json());
  } catch (cause) {
    if (cause instanceof ProviderFailure) throw cause;
    throw new ProviderFailure(provider, 'malformed', { cause });
  }
}
