import type { Services } from '../../kernel/context/index.ts';
import type { StoredReply } from '../../kernel/idempotency/index.ts';
import type { RequestState } from './request-event.ts';
import { corsHeaders, deprecationHeaders, rateLimitHeaders, SECURITY_HEADERS } from './response-headers.ts';
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
    ...(body === null ? {} : { raw: { content: body, type: 'application/json' } }),
  };
}

/** @throws Error when a reply does not match its route's contract, which is a defect */
export function verifyReply(route: Route, reply: Reply): void {
  const contract = route.success[reply.status];
  if (!contract)
    throw new Error(`${route.operationId} answered ${reply.status}, which its contract does not declare`);
  if (contract.schema) contract.schema.parse(JSON.parse(JSON.stringify(reply.body)));
}

/** Whether the caller's cached copy (`If-None-Match`) is still current. */
function isNotModified({ status, headers = {} }: Reply, request: Request): boolean {
  const { ETag: tag, 'Cache-Control': cache } = headers;
  const cachedTags = request.headers.get('if-none-match');
  if (status !== 200 || tag === undefined || cache === undefined || cachedTags === null) return false;
  return cachedTags.split(',').some((each) => each.trim().replace(/^W\//, '') === tag);
}

function serializeBody({ raw, body }: Reply): BodyInit | null {
  if (raw) return raw.content;
  return body === undefined ? null : JSON.stringify(body);
}

/** Builds the response with the headers that every response has; 304 when the caller's copy is current. */
export function toResponse(
  reply: Reply,
  route: Route | undefined,
  state: RequestState,
  request: Request,
  { config }: Services,
): Response {
  if (reply.passthrough) return reply.passthrough;
  const notModified = isNotModified(reply, request);
  const content = notModified ? null : serializeBody(reply);
  const type = content === null ? undefined : (reply.raw?.type ?? 'application/json');
  return new Response(content, {
    status: notModified ? 304 : reply.status,
    headers: {
      ...SECURITY_HEADERS,
      ...corsHeaders(request.headers.get('origin'), config.CORS_ORIGINS),
      Vary: 'Origin',
      'X-Request-Id': state.origin.requestId,
      ...(type === undefined ? {} : { 'Content-Type': type }),
      ...rateLimitHeaders(state.limits),
      ...(route?.deprecated ? deprecationHeaders(route.deprecated) : undefined),
      ...reply.headers,
    },
  });
}
