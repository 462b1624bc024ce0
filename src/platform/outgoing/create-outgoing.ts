import { AppError, withTimeout } from '../../kernel/core/index.ts';
import type { Fetch } from '../observability/index.ts';
import { type AddressKind, isListed, parseAddress, refuseNotPublic } from './address.rules.ts';
import { isGlobalAddress } from './global-addresses.rules.ts';
import { outgoingErrors } from './outgoing.errors.ts';
import type { Outgoing, OutgoingAnswer, OutgoingRequest, Resolver } from './outgoing.ports.ts';
import { readBody } from './read-body.ts';

const REQUEST_TIMEOUT_MS = 10_000;
const RESOLVER_TIMEOUT_MS = 3_000;
const MAX_ANSWER_BYTES = 65_536;

export interface OutgoingOptions {
  resolver: Resolver;
  /** Addresses that are allowed as they are, `scheme://host:port` each; for development. */
  allowed?: readonly string[];
  fetcher?: Fetch;
  /** Milliseconds for a whole request; default 10,000. */
  requestTimeoutMs?: number;
  /** Milliseconds for looking a name up; default 3,000. */
  resolverTimeoutMs?: number;
}

/** Runs `work` with a signal that aborts when the time is over; then, and when `work` fails, throws what `toError` makes of it. */
async function withinTime<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  toError: (cause: unknown) => AppError,
): Promise<T> {
  const controller = new AbortController();
  try {
    return await withTimeout(work(controller.signal), ms, () => new Error('no answer in time'));
  } catch (error) {
    throw error instanceof AppError ? error : toError(error);
  } finally {
    controller.abort();
  }
}

async function exchange(
  fetcher: Fetch,
  { href }: URL,
  { maxAnswerBytes = MAX_ANSWER_BYTES, timeLimitMs: _limit, ...request }: OutgoingRequest,
  signal: AbortSignal,
): Promise<OutgoingAnswer> {
  const response = await fetcher(href, { ...request, redirect: 'manual', signal });
  const { status, headers } = response;
  const body = await readBody(response, maxAnswerBytes);
  if (status >= 300 && status < 400 && status !== 304) throw outgoingErrors.redirected();
  if (!body) throw outgoingErrors.answerTooLarge({ detail: `It has more than ${maxAnswerBytes} bytes.` });
  return { status, headers, body };
}

/** Creates the guard of the addresses that customers give, and the client that uses them. */
export function createOutgoing({
  resolver,
  allowed = [],
  fetcher = (url, init) => fetch(url, init),
  requestTimeoutMs = REQUEST_TIMEOUT_MS,
  resolverTimeoutMs = RESOLVER_TIMEOUT_MS,
}: OutgoingOptions): Outgoing {
  const requireAllowed = async (address: string, kind: AddressKind = 'web'): Promise<URL> => {
    if (isListed(address, allowed)) return new URL(address);
    const { url, name } = parseAddress(address, kind);
    if (name === null) return url;
    const found = await withinTime(
      resolverTimeoutMs,
      (signal) => resolver.resolve(name, signal),
      (cause) => outgoingErrors.resolverUnavailable({ cause }),
    );
    if (found.length === 0) throw outgoingErrors.unresolved();
    if (!found.every(isGlobalAddress)) throw refuseNotPublic();
    return url;
  };
  return {
    requireAllowed,
    async open(address, request) {
      const { href } = await requireAllowed(address);
      return fetcher(href, { ...request, redirect: 'manual' });
    },
    fetch: (address, request) =>
      withinTime(
        request.timeLimitMs ?? requestTimeoutMs,
        async (signal) => exchange(fetcher, await requireAllowed(address), request, signal),
        (cause) => outgoingErrors.unreachable({ cause }),
      ),
  };
}
