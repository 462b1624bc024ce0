import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { API_VERSION, errorCatalogue } from '../../kernel/core/index.ts';
import { buildOperation } from './openapi-operation.ts';
import { listTags } from './openapi-tags.ts';
import type { Route } from '../http/index.ts';

/** What applies to every operation, in Markdown: the introduction of the API reference. */
const API_DESCRIPTION = `Edge-native back end for AI-assisted calls.

- **Credentials.** \`Authorization: Bearer\` with an access token or an API key; an API key may stand in
  \`X-API-Key\` instead. The credential determines the organization.
- **Names and units.** JSON in camelCase. Times are ISO 8601 in UTC, durations are in seconds, sizes in bytes.
- **Errors.** Always \`application/problem+json\` (RFC 9457) with a stable \`code\`, a \`requestId\`, and a pointer to each
  invalid field. Every code has a page in the [error catalogue](/errors).
- **Lists.** \`?limit=\` from 1 to 100 and an opaque \`?cursor=\`; the response is \`{data, nextCursor}\`. Where a list takes
  \`?order=desc\`, it begins with the newest item.
- **Updates.** A PATCH changes the fields that are sent. \`metadata\` is merged: an entry that is sent is set, one with the value
  null is deleted.
- **Queries.** Each parameter stands once. An operation with parameters refuses those that it does not have.
- **Idempotency.** \`Idempotency-Key\`: a repeated request with the same key and body within 24 hours gets the first response
  again, with \`Idempotent-Replayed: true\`.
- **Concurrent changes.** Resources have an \`ETag\`. Send it as \`If-Match\`, alone or in a list, and a write to a
  changed resource is refused with 412. Weak tags (\`W/"3"\`) count like strong ones, because proxies weaken tags.
- **Limits.** \`RateLimit-Policy\` and \`RateLimit\` on every response; on 429 \`Retry-After\` says when to retry.
  On the free plan a user has 100 requests a minute, an API key as many as it was created with (60 by default), an organization
  1,000, and a network 5 of each kind of sign-in.
- **Tracing.** A well-formed \`X-Request-Id\` is used and returned. A well-formed \`traceparent\` is continued, not returned.
- **Versions.** Within v1 the API only grows. A deprecated operation announces its end in \`Deprecation\` and \`Sunset\`.
- **Sockets.** They are described in an [AsyncAPI document](/asyncapi.json).
- **Events.** The public event types are listed in the [event catalogue](/events.json), each with version, schema and
  example. A payload may get fields within a version: ignore those that you do not know.`;

/** Builds the OpenAPI 3.1 document of the routes. */
export function buildOpenApiDocument(routes: readonly Route[], serverUrl: string): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'An access token or an API key. An API key may stand in the header `X-API-Key` instead.',
  });
  registry.registerComponent('securitySchemes', 'operator', {
    type: 'http',
    scheme: 'bearer',
    description: "The operator's token (`OPERATOR_TOKEN`).",
  });
  for (const route of routes) registry.registerPath(buildOperation(route));
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: 'AuraLink', version: API_VERSION, description: API_DESCRIPTION },
    servers: [{ url: serverUrl }],
    tags: listTags(routes),
  });
  return { ...document, 'x-error-catalogue': errorCatalogue() };
}
