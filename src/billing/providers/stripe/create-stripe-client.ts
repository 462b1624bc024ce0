import type { Stripe } from 'stripe';
import { AppError, type Breaker, isError, retry } from '../../../kernel/core/index.ts';
import type { Fetch } from '../../../platform/observability/index.ts';
import { providerErrors } from '../index.ts';
import { loadSdk } from './load-sdk.ts';

const TIMEOUT_MS = 4_000;
const MAX_ATTEMPTS = 3;
const BASE_DELAY_MS = 100;

export interface StripeClientOptions {
  secretKey: string;
  /** An address in place of Stripe's. */
  apiUrl: string | undefined;
  breaker: Breaker;
  fetcher: Fetch;
}

export const isUnavailable = (error: unknown) => isError(error, providerErrors.providerUnavailable);

interface StripeFailure {
  type?: string;
  code?: string;
  param?: string;
  message?: string;
  statusCode?: number;
  requestId?: string;
  headers?: Record<string, string>;
}

/** A failure that Stripe repeats for an idempotency key for a day, even if the cause has gone. */
class StoredFailure extends Error {
  override readonly name = 'StoredFailure';
  readonly failure: StripeFailure;
  /** Whether the key failed in an earlier request that is unknown to this one. */
  readonly isEarlier: boolean;
  constructor(failure: StripeFailure, isEarlier: boolean) {
    super(failure.message, { cause: failure });
    this.failure = failure;
    this.isEarlier = isEarlier;
  }
}

const causeIn = (error: unknown) => (error instanceof AppError ? error.details.cause : undefined);

/** The stored failure that an error is about; undefined for every other error. */
export const storedFailureOf = (error: unknown): StoredFailure | undefined => {
  const cause = causeIn(error);
  return cause instanceof StoredFailure ? cause : undefined;
};

/**
 * Whether the breaker counts an error: a missing answer or a failure of Stripe, not a justified refusal or a stored
 * failure.
 */
export const isStripeFailure = (error: unknown): boolean =>
  isUnavailable(error) && storedFailureOf(error)?.isEarlier !== true;

/** The error for a failed request of the SDK. Card errors have a text for customers; others do not. */
function toAppError(error: unknown, isFirst: boolean): unknown {
  const { type, code, message, statusCode = 0, headers } = error as StripeFailure;
  if (type === undefined || !type.startsWith('Stripe')) return error;
  const isStored = headers?.['idempotent-replayed'] === 'true';
  const cause = isStored ? new StoredFailure(error as StripeFailure, isFirst) : error;
  if (type === 'StripeCardError') return providerErrors.paymentFailed({ detail: message ?? '', cause });
  const isTransient = type === 'StripeConnectionError' || type === 'StripeAPIError' || statusCode >= 500;
  const isBusy = statusCode === 409 || statusCode === 429;
  const isMisconfigured = statusCode === 401 || statusCode === 403;
  if (isTransient || isBusy || isMisconfigured) return providerErrors.providerUnavailable({ cause });
  return providerErrors.providerRefused({ detail: `the reason is ${code ?? type}`, cause });
}

/** Stripe's response with a refusal. */
export const causeOf = (error: unknown): StripeFailure =>
  storedFailureOf(error)?.failure ?? (causeIn(error) as StripeFailure | undefined) ?? {};

/** Whether a refusal says that there is no such object. */
export const isMissing = (error: unknown): boolean => causeOf(error).code === 'resource_missing';

async function createSdk({ secretKey, apiUrl, fetcher }: StripeClientOptions): Promise<Stripe> {
  const Sdk = await loadSdk();
  const { hostname, port, protocol } = new URL(apiUrl ?? 'https://api.stripe.com');
  const own =
    apiUrl === undefined ? {} : { host: hostname, port, protocol: protocol === 'http:' ? 'http' : 'https' };
  return new Sdk(secretKey, {
    ...(own as Stripe.StripeConfig),
    httpClient: Sdk.createFetchHttpClient(
      // The SDK calls it with an address.
      (input: RequestInfo | URL, init?: RequestInit) =>
        fetcher(input instanceof Request ? input.url : input.toString(), init),
    ),
    maxNetworkRetries: 0, // repeated here, with a limit that the route's own time allows
    telemetry: false,
    timeout: TIMEOUT_MS,
  });
}

/** Runs one request of the SDK. A change must carry an idempotency key, because it is repeated: see `runChange`. */
export type StripeCall = <T>(work: (sdk: Stripe) => Promise<T>) => Promise<T>;

/** Creates the function that sends requests to Stripe, through its breaker. */
export function createStripeClient(options: StripeClientOptions): StripeCall {
  let sdk: Promise<Stripe> | undefined;
  async function sendOnce<T>(work: (sdk: Stripe) => Promise<T>, isFirst: boolean): Promise<T> {
    try {
      sdk ??= createSdk(options);
      return await work(await sdk);
    } catch (error) {
      throw toAppError(error, isFirst);
    }
  }
  return (work) =>
    options.breaker.run(() => {
      let attempts = 0;
      return retry(() => sendOnce(work, (attempts += 1) === 1), {
        attempts: MAX_ATTEMPTS,
        baseDelayMs: BASE_DELAY_MS,
        isTransient: (error) => isUnavailable(error) && !storedFailureOf(error),
      });
    });
}
