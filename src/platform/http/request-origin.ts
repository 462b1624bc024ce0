import { continueTrace, type Ids, readParentSpanId } from '../../kernel/core/index.ts';
import type { RequestOrigin } from '../../kernel/context/index.ts';

const REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{7,127}$/;
const MAX_USER_AGENT = 256;

const CONTINENT_CODE = /^(AF|AN|AS|EU|NA|OC|SA)$/;

/**
 * Where an HTTP request comes from; malformed values are replaced, never passed on. Reading a header is a call into the
 * runtime, so headers that few requests need are read on demand.
 */
export class HttpOrigin implements RequestOrigin {
  readonly requestId: string;
  readonly traceparent: string;
  /** The caller's own span; null when the trace begins here. */
  readonly parentSpanId: string | null;
  readonly #request: Request;
  readonly #headers: Headers;

  constructor(request: Request, headers: Headers, ids: Ids) {
    this.#request = request;
    this.#headers = headers;
    const requestId = headers.get('x-request-id');
    this.requestId = requestId !== null && REQUEST_ID.test(requestId) ? requestId : ids.create('request');
    const traceparent = headers.get('traceparent');
    this.parentSpanId = readParentSpanId(traceparent);
    this.traceparent = continueTrace(traceparent, ids);
  }

  get ip(): string | null {
    return this.#headers.get('cf-connecting-ip');
  }

  get userAgent(): string | null {
    // Cutting may split a surrogate pair, and PostgreSQL refuses lone surrogates.
    return this.#headers.get('user-agent')?.slice(0, MAX_USER_AGENT).toWellFormed() ?? null;
  }

  get continent(): string | null {
    const { continent } = (this.#request as { cf?: { continent?: unknown } }).cf ?? {};
    return typeof continent === 'string' && CONTINENT_CODE.test(continent) ? continent : null;
  }
}
