import { WaitLimit, withTimeout } from '../../kernel/core/index.ts';
import { ProviderFailure } from './provider-failure.rules.ts';

export interface ResponseLimits {
  /** Milliseconds until the headers of the answer must have arrived. */
  answerMs: number;
  /** Milliseconds between two pieces of it. */
  stallMs: number;
  /** Bytes of one line. Providers send an event in one line, and no event needs more. */
  lineBytes: number;
  /** Bytes of the whole answer. */
  bytes: number;
}

export const DEFAULT_LIMITS: ResponseLimits = {
  answerMs: 60_000,
  stallMs: 30_000,
  lineBytes: 1024 * 1024,
  bytes: 16 * 1024 * 1024,
};

const NEWLINE = 10;

/** Counts bytes since the last end of a line. */
function createLineCounter() {
  let length = 0;
  return (bytes: Uint8Array): number => {
    const lastEnd = bytes.lastIndexOf(NEWLINE);
    const before = length;
    length = lastEnd === -1 ? before + bytes.length : bytes.length - lastEnd - 1;
    const firstEnd = bytes.indexOf(NEWLINE);
    return firstEnd === -1 ? length : Math.max(before + firstEnd, longestLine(bytes, firstEnd + 1));
  };
}

function longestLine(bytes: Uint8Array, from: number): number {
  let longest = 0;
  for (let start = from; start < bytes.length;) {
    const end = bytes.indexOf(NEWLINE, start);
    longest = Math.max(longest, (end === -1 ? bytes.length : end) - start);
    if (end === -1) break;
    start = end + 1;
  }
  return longest;
}

/** An error of the connection means that the answer was cut. */
const failureOf = (provider: string, error: unknown): ProviderFailure =>
  error instanceof ProviderFailure ? error : new ProviderFailure(provider, 'cut', { cause: error });

/** The body within the limits; the first failure ends it, and the connection with it. */
function guardBody(
  provider: string,
  body: ReadableStream<Uint8Array>,
  { stallMs, bytes, lineBytes }: ResponseLimits,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const countLine = createLineCounter();
  const stallLimit = new WaitLimit(stallMs);
  let total = 0;
  const end = (reason: unknown) => {
    stallLimit.close();
    return reader.cancel(reason);
  };
  const read = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const { done, value } = await stallLimit.wait(
      reader.read(),
      () => new ProviderFailure(provider, 'stalled'),
    );
    if (done) {
      stallLimit.close();
      return controller.close();
    }
    total += value.length;
    if (total > bytes || countLine(value) > lineBytes) throw new ProviderFailure(provider, 'too_large');
    controller.enqueue(value);
  };
  const pull = (controller: ReadableStreamDefaultController<Uint8Array>) =>
    read(controller).catch((error: unknown) => {
      const failure = failureOf(provider, error);
      end(failure).catch(() => undefined); // The connection may be broken already.
      throw failure;
    });
  return new ReadableStream<Uint8Array>({ pull, cancel: end }, { highWaterMark: 0 });
}

/**
 * `fetch` for answers of providers: an answer that takes too long, stops in the middle, or is too large fails with a
 * `ProviderFailure`. So no request hangs, and no isolate runs out of memory.
 */
export function createGuardedFetch(
  provider: string,
  limits: ResponseLimits = DEFAULT_LIMITS,
  fetcher: typeof fetch = (input, init) => fetch(input, init),
): typeof fetch {
  return async (input, init) => {
    const late = new AbortController();
    const signal = AbortSignal.any([late.signal, ...(init?.signal ? [init.signal] : [])]);
    const answer = fetcher(input, { ...init, signal }).catch((cause: unknown) => {
      if (init?.signal?.aborted || cause instanceof ProviderFailure) throw cause;
      throw new ProviderFailure(provider, 'unavailable', { cause });
    });
    const response = await withTimeout(answer, limits.answerMs, () => {
      const failure = new ProviderFailure(provider, 'stalled');
      late.abort(failure);
      return failure;
    });
    if (!response.body) return response;
    const { status, statusText, headers } = response;
    return new Response(guardBody(provider, response.body, limits), { status, statusText, headers });
  };
}
