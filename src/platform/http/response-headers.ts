import type { LimitDecision } from './http.ports.ts';
import type { Deprecation, HttpMethod } from './route.ts';

/** Sent with every response. HTML pages replace the content security policy by a strict one of their own. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cache-Control': 'no-store',
};

export const JSON_TYPE = 'application/json';

const EXPOSED_HEADERS =
  'ETag, Location, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id, Idempotent-Replayed, Deprecation, Sunset, ' +
  'Content-Disposition, Content-Range, Tus-Resumable, Tus-Version, Tus-Extension, Tus-Max-Size, Upload-Offset, ' +
  'Upload-Length, Upload-Expires';
const ALLOWED_HEADERS =
  'Authorization, Content-Type, Content-Digest, Idempotency-Key, If-Match, If-None-Match, If-Range, Range, X-Request-Id, ' +
  'traceparent, tracestate, baggage, sentry-trace, b3, Tus-Resumable, Upload-Length, Upload-Offset, Upload-Metadata';
const PREFLIGHT_SECONDS = 86_400;

/**
 * CORS headers for an allowed origin; none for any other.
 * @param allowedOrigins `'*'` for public documents, which are the same for everyone
 */
export function corsHeaders(
  origin: string | null,
  allowedOrigins: readonly string[] | '*',
): Record<string, string> {
  if (origin === null || (allowedOrigins !== '*' && !allowedOrigins.includes(origin))) return {};
  return {
    'Access-Control-Allow-Origin': allowedOrigins === '*' ? '*' : origin,
    'Access-Control-Expose-Headers': EXPOSED_HEADERS,
    'Cross-Origin-Resource-Policy': 'cross-origin',
  };
}

/** Headers that answer a preflight; `methods` are those the path supports. */
export function preflightHeaders(
  origin: string | null,
  allowedOrigins: readonly string[] | '*',
  methods: readonly HttpMethod[],
): Record<string, string> {
  const cors = corsHeaders(origin, allowedOrigins);
  if (Object.keys(cors).length === 0) return {};
  return {
    ...cors,
    'Access-Control-Allow-Methods': methods.map((method) => method.toUpperCase()).join(', '),
    'Access-Control-Allow-Headers': ALLOWED_HEADERS,
    'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
  };
}

/** `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and a link to the documentation. */
export function deprecationHeaders({ since, sunset, link }: Deprecation): Record<string, string> {
  return {
    Deprecation: `@${Math.floor(Date.parse(since) / 1000)}`,
    Sunset: new Date(sunset).toUTCString(),
    Link: `<${link}>; rel="deprecation"`,
  };
}

/** `RateLimit-Policy` as in draft-ietf-httpapi-ratelimit-headers, in the order of the decisions. */
const formatRateLimitPolicy = (decisions: readonly LimitDecision[]): string =>
  decisions.map(({ rule }) => `"${rule.name}";q=${rule.limit};w=${rule.windowSeconds}`).join(', ');

/** `RateLimit` as in draft-ietf-httpapi-ratelimit-headers, in the order of the decisions. */
export const formatRateLimit = (decisions: readonly LimitDecision[]): string =>
  decisions
    .map(({ rule, remaining, resetSeconds }) => `"${rule.name}";r=${remaining};t=${resetSeconds}`)
    .join(', ');

/** Content types times policies: a few, unless many organizations have limits of their own. */
const MAX_KEPT = 256;
const keptHeaders = new Map<string, Headers>();

/**
 * The first headers of every response of this type under these limits. `Headers` are made of their names and values
 * once and then copied, which costs a fraction: `hot-path` of the benchmarks shows it.
 * @param type of the content; undefined without content
 */
export function baseHeaders(type: string | undefined, decisions: readonly LimitDecision[]): Headers {
  const policy = formatRateLimitPolicy(decisions);
  const key = `${type} ${policy}`;
  let headers = keptHeaders.get(key);
  if (!headers) {
    headers = new Headers({ ...SECURITY_HEADERS, Vary: 'Origin' });
    if (type !== undefined) headers.set('Content-Type', type);
    if (policy !== '') headers.set('RateLimit-Policy', policy);
    if (keptHeaders.size >= MAX_KEPT) keptHeaders.clear();
    keptHeaders.set(key, headers);
  }
  return headers;
}
