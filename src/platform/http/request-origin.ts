import { continueTrace, type Ids } from '../../kernel/core/index.ts';
import type { RequestOrigin } from '../../kernel/context/index.ts';

const REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{7,127}$/;
const MAX_USER_AGENT = 256;

const CONTINENT_CODE = /^(AF|AN|AS|EU|NA|OC|SA)$/;

function readContinent(request: Request): string | null {
  const { continent } = (request as { cf?: { continent?: unknown } }).cf ?? {};
  return typeof continent === 'string' && CONTINENT_CODE.test(continent) ? continent : null;
}

/** Reads where a request comes from; malformed values are replaced, never passed on. */
export function readOrigin(request: Request, ids: Ids): RequestOrigin {
  const { headers } = request;
  const requestId = headers.get('x-request-id');
  return {
    requestId: requestId !== null && REQUEST_ID.test(requestId) ? requestId : ids.create('request'),
    traceparent: continueTrace(headers.get('traceparent'), ids),
    ip: headers.get('cf-connecting-ip'),
    continent: readContinent(request),
    // Cutting may split a surrogate pair, and PostgreSQL refuses lone surrogates.
    userAgent: headers.get('user-agent')?.slice(0, MAX_USER_AGENT).toWellFormed() ?? null,
  };
}
