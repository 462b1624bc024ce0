import type { StoredReply } from '../../kernel/idempotency/index.ts';
import type { RequestState } from './request-state.ts';
import {
  baseHeaders,
  corsHeaders,
  deprecationHeaders,
  formatRateLimit,
  JSON_TYPE,
} from './response-headers.ts';
import type { Reply, Route } from './route.ts';

/** The reply as an idempotency record stores it. */
export function toStoredReply(reply: Reply): StoredReply {
  return {
    status: reply.status,
    headers: reply.headers ?? {},
    body: reply.body === undefined ? null : JSON.stringify(reply.body),
  };
}

export function fromStoredReply({ status, headers, body }: StoredReply): Reply {
  return {
    status,
    headers: { ...headers, 'Idempotent-Replayed': 'true' },
    ...(body === null ? {} : { raw: { content: body, type: JSON_TYPE } }),
  };
}

/** @throws Error when a reply does not match its route's contract, which is a defect */
export function verifyReply(route: Route, reply: Reply): void {
  const contract = route.success[reply.status];
  if (!contract)
    throw new Error(`${route.operationId} answered ${reply.status}, which its contract does not declare`);
  if (contract.schema) contract.schema.parse(JSON.parse(JSON.stringify(reply.body)));
}

/** Whether the caller's cached copy (`If-None-Match`) is still current; `*` stands for any copy. */
function isNotModified({ status, headers = {} }: Reply, requestHeaders: Headers): boolean {
  const { ETag: tag, 'Cache-Control': cache } = headers;
  if (status !== 200 || tag === undefined || cache === undefined) return false;
  const cachedTags = requestHeaders.get('if-none-match') ?? '';
  return cachedTags.split(',').some((each) => ['*', tag].includes(each.trim().replace(/^W\//, '')));
}

function serializeBody({ raw, body }: Reply): BodyInit | null {
  if (raw) return raw.content;
  return body === undefined ? null : JSON.stringify(body);
}

function setAll(headers: Headers, values: Readonly<Record<string, string>> | undefined): void {
  for (const name in values) headers.set(name, values[name]!);
}

/**
 * Builds the response with the headers that every response has; 304 when the caller's copy is current.
 * @param allowedOrigins web origins whose pages may read the response
 */
export function toResponse(
  reply: Reply,
  route: Route | undefined,
  { headers: requestHeaders, origin, limits }: RequestState,
  allowedOrigins: readonly string[],
): Response {
  if (reply.passthrough) return reply.passthrough;
  const notModified = isNotModified(reply, requestHeaders);
  const content = notModified ? null : serializeBody(reply);
  const type = content === null ? undefined : (reply.raw?.type ?? JSON_TYPE);
  const response = new Response(content, {
    status: notModified ? 304 : reply.status,
    headers: baseHeaders(type, limits),
  });
  const { headers } = response;
  setAll(headers, corsHeaders(requestHeaders.get('origin'), route?.anyOrigin ? '*' : allowedOrigins));
  headers.set('X-Request-Id', origin.requestId);
  if (limits.length > 0) headers.set('RateLimit', formatRateLimit(limits));
  if (route?.deprecated) setAll(headers, deprecationHeaders(route.deprecated));
  setAll(headers, route?.responseHeaders);
  setAll(headers, reply.headers);
  return response;
}
