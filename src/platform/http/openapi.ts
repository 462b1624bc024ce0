import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from '@hono/zod-openapi';
import {
  authErrors,
  errorCatalogue,
  type ErrorDefinition,
  idempotencyErrors,
  requestErrors,
  serverErrors,
} from '../../kernel/core/index.ts';
import {
  DEFAULT_BODY_LIMIT_BYTES,
  DEFAULT_TIME_LIMIT_SECONDS,
  type RawRouteBody,
  type Route,
} from './route.ts';

export const problemSchema = z
  .object({
    type: z.string().openapi({ description: 'Path of a page that explains the error code.' }),
    title: z
      .string()
      .openapi({ description: 'What the problem is; the same text for every error with this code.' }),
    status: z.number().int().openapi({ description: 'The HTTP status of the response.' }),
    detail: z.string().optional().openapi({ description: 'What went wrong in this request.' }),
    instance: z.string().openapi({ description: 'The path of the request.' }),
    code: z.string().openapi({ description: 'Stable, dotted error code; programs should decide by it.' }),
    requestId: z
      .string()
      .openapi({ description: 'Id of the request, as in the `X-Request-Id` header; give it to support.' }),
    errors: z
      .array(
        z.object({
          pointer: z.string().openapi({
            description: 'JSON pointer into the body, or `#/query/…`, `#/path/…` or `#/header/…`.',
          }),
          message: z.string().openapi({ description: 'What is wrong with the field.' }),
        }),
      )
      .optional()
      .openapi({ description: 'The invalid fields, when the request did not pass validation.' }),
  })
  .openapi('Problem', {
    description:
      'The body of every error, as defined by RFC 9457. `type` links to a page that explains the `code`.',
    example: {
      type: '/errors/request.invalid',
      title: 'The request is not valid',
      status: 400,
      instance: '/api/v1/organizations',
      code: 'request.invalid',
      requestId: 'req_01jd3v7q8gf4kr2x6a0w9mznpe',
      errors: [{ pointer: '/name', message: 'is not a known field' }],
    },
  });

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
      authErrors.forbidden,
    );
  if (route.access.kind === 'permission') factories.push(authErrors.noOrganization);
  if (route.body) factories.push(requestErrors.malformedJson);
  if (route.body || route.rawBody)
    factories.push(requestErrors.bodyTooLarge, requestErrors.unsupportedMediaType);
  if (route.concurrency) factories.push(requestErrors.stale);
  if (route.idempotent) factories.push(idempotencyErrors.keyReused, idempotencyErrors.inFlight);
  return [...new Set(factories.map((factory) => factory.definition))];
}

const IDEMPOTENCY_KEY_DESCRIPTION =
  'A unique value of 1 to 255 visible ASCII characters. A repeated request with the same key and body within 24 hours gets the first response again; another body with the same key is refused with 409.';
const IF_MATCH_DESCRIPTION =
  'The ETag of the version to change. The request is refused with 412 when the resource has changed since.';

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

function buildResponses(route: Route): RouteConfig['responses'] {
  const responses: RouteConfig['responses'] = {};
  for (const [status, { description, schema, example, mediaTypes }] of Object.entries(route.success)) {
    const content = schema
      ? { 'application/json': { schema, ...(example === undefined ? {} : { example }) } }
      : mediaTypes
        ? Object.fromEntries(mediaTypes.map((type) => [type, { schema: z.string() }]))
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
        'application/problem+json': { schema: problemSchema },
      },
    };
  }
  return responses;
}

function buildRawBody({ mediaTypes, example }: RawRouteBody) {
  const content = mediaTypes.map((type) => [type, { schema: z.string(), example }] as const);
  return { required: true, content: Object.fromEntries(content) };
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

/** What OpenAPI has no field for; used by `/docs` and by client generators. */
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

/** Builds the OpenAPI 3.1 document of the routes. */
export function buildOpenApiDocument(routes: readonly Route[], serverUrl: string): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'An access token or an API key.',
  });
  registry.registerComponent('securitySchemes', 'operator', {
    type: 'http',
    scheme: 'bearer',
    description: "The operator's token (`OPERATOR_TOKEN`).",
  });
  for (const route of routes) {
    registry.registerPath({
      method: route.method,
      path: route.path,
      operationId: route.operationId,
      tags: [route.tag],
      summary: route.summary,
      description: buildDescription(route),
      security: buildSecurity(route) ?? [],
      request: {
        ...(route.params ? { params: route.params as never } : {}),
        ...(route.query ? { query: route.query as never } : {}),
        ...buildHeaders(route),
        ...(route.body
          ? {
              body: {
                required: true,
                content: { 'application/json': { schema: route.body.schema, example: route.body.example } },
              },
            }
          : {}),
        ...(route.rawBody ? { body: buildRawBody(route.rawBody) } : {}),
      },
      responses: buildResponses(route),
      ...(route.deprecated ? { deprecated: true } : {}),
      ...buildExtensions(route),
    });
  }
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: 'AuraLink', version: '1.0.0', description: 'Edge-native back end for AI-assisted calls' },
    servers: [{ url: serverUrl }],
  });
  return { ...document, 'x-error-catalogue': errorCatalogue() };
}
