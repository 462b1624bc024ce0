import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from '@hono/zod-openapi';
import {
  authErrors,
  type ErrorDefinition,
  idempotencyErrors,
  requestErrors,
  serverErrors,
} from '../../kernel/core/index.ts';
import { problemSchema } from './problem.schemas.ts';
import {
  DEFAULT_BODY_LIMIT_BYTES,
  DEFAULT_TIME_LIMIT_SECONDS,
  type RawRouteBody,
  type Route,
  type StreamRouteBody,
} from '../http/index.ts';

/** Every error a route can answer with: its own and those its contract implies. */
export function listRouteErrors(route: Route): ErrorDefinition[] {
  const factories = [
    ...(route.errors ?? []),
    requestErrors.invalid,
    requestErrors.rateLimited,
    requestErrors.timeout,
    serverErrors.internal,
    serverErrors.unavailable,
  ];
  if (route.access.kind !== 'public')
    factories.push(
      authErrors.required,
      authErrors.invalidToken,
      authErrors.expiredToken,
      authErrors.outdatedToken,
      authErrors.forbidden,
    );
  if (route.access.kind === 'permission') factories.push(authErrors.noOrganization);
  if (route.body || route.rawBody)
    factories.push(
      requestErrors.bodyTooLarge,
      requestErrors.malformedJson,
      requestErrors.unsupportedMediaType,
    );
  if (route.streamBody) factories.push(requestErrors.unsupportedMediaType);
  if (route.concurrency) factories.push(requestErrors.stale);
  if (route.idempotent) factories.push(idempotencyErrors.keyReused, idempotencyErrors.inFlight);
  return [...new Set(factories.map((factory) => factory.definition))];
}

const IDEMPOTENCY_KEY_DESCRIPTION =
  'A unique value of 1 to 255 visible ASCII characters. A repeated request with the same key and body within 24 hours gets the first response again; another body with the same key is refused with 409.';
const IF_MATCH_DESCRIPTION =
  'The ETag of the version to change, or a list of them; weak ETags count like strong ones. The request is refused with 412 when the resource has another version.';

function buildHeaders(route: Route) {
  const headers: Record<string, z.ZodType> = {};
  if (route.idempotent)
    headers['Idempotency-Key'] = z
      .string()
      .max(255)
      .optional()
      .openapi({ description: IDEMPOTENCY_KEY_DESCRIPTION });
  if (route.concurrency)
    headers['If-Match'] = z.string().optional().openapi({ description: IF_MATCH_DESCRIPTION });
  if (route.headers) Object.assign(headers, (route.headers as z.ZodObject).shape);
  return Object.keys(headers).length === 0 ? {} : { headers: z.object(headers) };
}

/** A document that is not checked when it is sent: an object in JSON, else text. */
const schemaOfMedia = (type: string) =>
  type === 'application/json' ? z.record(z.string(), z.unknown()) : z.string();

function buildResponses(route: Route): RouteConfig['responses'] {
  const responses: RouteConfig['responses'] = {};
  for (const [status, { description, schema, example, mediaTypes }] of Object.entries(route.success)) {
    const content = schema
      ? { 'application/json': { schema, ...(example === undefined ? {} : { example }) } }
      : mediaTypes
        ? Object.fromEntries(mediaTypes.map((type) => [type, { schema: schemaOfMedia(type) }]))
        : undefined;
    responses[status] = { description, ...(content ? { content } : {}) };
  }
  const byStatus = Map.groupBy(listRouteErrors(route), (definition) => definition.status);
  for (const [status, definitions] of [...byStatus].sort(([a], [b]) => a - b)) {
    const codes = definitions.map(({ code, title }) => `\`${code}\` ${title}`).sort();
    // A status can be both: readiness answers 503 with a body of its own.
    const success = route.success[status];
    responses[String(status)] = {
      description: [...(success ? [success.description] : []), ...codes].join('; '),
      content: {
        ...(success?.schema
          ? { 'application/json': { schema: success.schema, example: success.example } }
          : {}),
        ...(route.errorPage
          ? { 'text/html': { schema: z.string() } }
          : { 'application/problem+json': { schema: problemSchema } }),
      },
    };
  }
  return responses;
}

function buildRawBody({ mediaTypes, example }: RawRouteBody) {
  const content = mediaTypes.map((type) => [type, { schema: z.string(), example }] as const);
  return { required: true, content: Object.fromEntries(content) };
}

const BINARY = { type: 'string', format: 'binary' } as const;

function buildStreamBody({ mediaTypes, example, optional }: StreamRouteBody) {
  const types = mediaTypes.length > 0 ? mediaTypes : ['application/octet-stream'];
  const content = types.map((type) => [type, { schema: BINARY, example }] as const);
  return { required: !optional, content: Object.fromEntries(content) };
}

function buildSecurity({ access }: Route): RouteConfig['security'] {
  if (access.kind === 'public') return [];
  return [{ [access.kind === 'operator' ? 'operator' : 'bearer']: [] }];
}

function buildDescription({ access, description }: Route): string {
  const requirement = {
    permission: () =>
      access.kind === 'permission'
        ? `Requires the permission \`${access.permission}\`${access.guests ? ', or the token of a guest of the room' : ''}.`
        : '',
    user: () => 'Requires a signed-in user.',
    credential: () => 'Requires a valid access token or API key.',
    public: () => 'Requires no credential.',
    operator: () => "Requires the operator's token.",
  }[access.kind]();
  return description ? `${description}\n\n${requirement}` : requirement;
}

/** Data for which OpenAPI has no field; used by `/docs` and by client generators. */
function buildExtensions(route: Route): Record<`x-${string}`, unknown> {
  const { access, limit, timeLimitSeconds, bodyLimitBytes, deprecated } = route;
  return {
    'x-access': access,
    'x-limit': limit,
    'x-time-limit-seconds': timeLimitSeconds ?? DEFAULT_TIME_LIMIT_SECONDS,
    ...(route.body ? { 'x-body-limit-bytes': bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES } : {}),
    ...(deprecated ? { 'x-deprecation': deprecated } : {}),
    'x-errors': listRouteErrors(route)
      .map(({ code }) => code)
      .sort(),
  };
}

/** The body by media type. */
const contentOf = ({ schema, example, mediaTypes = [] }: NonNullable<Route['body']>) =>
  Object.fromEntries(['application/json', ...mediaTypes].map((type) => [type, { schema, example }]));

/** Describes what a route takes. */
export function buildRequest(route: Route): RouteConfig['request'] {
  return {
    ...(route.params ? { params: route.params as never } : {}),
    ...(route.query ? { query: route.query as never } : {}),
    ...buildHeaders(route),
    ...(route.body
      ? {
          body: {
            required: !route.body.schema.safeParse({}).success,
            content: contentOf(route.body),
          },
        }
      : {}),
    ...(route.rawBody ? { body: buildRawBody(route.rawBody) } : {}),
    ...(route.streamBody ? { body: buildStreamBody(route.streamBody) } : {}),
  };
}

/** Describes a route as an OpenAPI operation. */
export function buildOperation(route: Route): RouteConfig {
  return {
    method: route.method,
    path: route.path,
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    description: buildDescription(route),
    security: buildSecurity(route) ?? [],
    request: buildRequest(route),
    responses: buildResponses(route),
    ...(route.deprecated ? { deprecated: true } : {}),
    ...buildExtensions(route),
  };
}
