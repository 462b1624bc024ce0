import { hex, type Ids } from '../core/index.ts';
import type { RequestOrigin } from '../context/index.ts';

const REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{7,127}$/;
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;
const SAMPLED_FLAGS = '01';
const MAX_USER_AGENT = 256;

/** A W3C trace context that continues the caller's trace, or begins one, with a span id of our own. */
export function continueTrace(traceparent: string | null, ids: Ids): string {
  const match = traceparent === null ? null : TRACEPARENT.exec(traceparent);
  const traceId = match?.[1] ?? hex(ids.random(16));
  return `00-${traceId}-${hex(ids.random(8))}-${match?.[2] ?? SAMPLED_FLAGS}`;
}

/** The span that a well-formed `traceparent` names as its own: the parent of what follows. */
export function readParentSpanId(traceparent: string | null): string | null {
  return traceparent !== null && TRACEPARENT.test(traceparent) ? traceparent.slice(36, 52) : null;
}

const CONTINENT_CODE = /^(AF|AN|AS|EU|NA|OC|SA)$/;

function readContinent(request: Request): string | null {
  const { continent } = (request as { cf?: { continent?: unknown } }).cf ?? {};
  return typeof continent === 'string' && CONTINENT_CODE.test(continent) ? continent : null;
}

/** Where a request comes from; what is malformed in it is replaced, never passed on. */
export function readOrigin(request: Request, ids: Ids): RequestOrigin {
  const { headers } = request;
  const requestId = headers.get('x-request-id');
  return {
    requestId: requestId !== null && REQUEST_ID.test(requestId) ? requestId : ids.create('request'),
    traceparent: continueTrace(headers.get('traceparent'), ids),
    ip: headers.get('cf-connecting-ip'),
    // A cut through a pair of surrogates leaves what no database takes.
    continent: readContinent(request),
    userAgent: headers.get('user-agent')?.slice(0, MAX_USER_AGENT).toWellFormed() ?? null,
  };
}
