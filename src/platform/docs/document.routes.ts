import type { Ctx } from '../../kernel/context/index.ts';
import { foldModules, type ModuleManifest } from '../../kernel/modules/index.ts';
import { defineRoute, type Route } from '../http/index.ts';
import { jsonResponse, notModified, type ResponseCache, toReply } from './cached-response.ts';
import { buildEventCatalogue } from './event-catalogue.ts';
import type { OpenApiDocument } from './openapi-document.ts';

const common = {
  method: 'get',
  tag: 'Documentation',
  access: { kind: 'public', reason: 'the API documentation is public' },
  limit: 'documents',
  anyOrigin: true,
  respond: toReply,
} as const;

/** The documents for programs. */
export const documentRoutes = (
  getCached: ResponseCache,
  getDocument: (ctx: Ctx) => OpenApiDocument,
  modules: () => readonly ModuleManifest[],
): readonly Route[] => [
  defineRoute({
    ...common,
    path: '/openapi.json',
    operationId: 'getOpenApi',
    summary: 'Get the OpenAPI document',
    description: 'Returns the OpenAPI 3.1 document of the API, generated from its routes.',
    success: {
      200: { description: 'The OpenAPI document.', mediaTypes: ['application/json'] },
      ...notModified,
    },
    handle: (ctx) => getCached(ctx, 'openapi', () => jsonResponse(getDocument(ctx))),
  }),
  defineRoute({
    ...common,
    path: '/events.json',
    operationId: 'getEventCatalogue',
    summary: 'Get the event catalogue',
    description:
      'Lists every public event type with its version, when it happens, the JSON Schema of its payload and an example. ' +
      'Within a version only optional fields are added.',
    success: {
      200: { description: 'The catalogue, generated from the definitions', mediaTypes: ['application/json'] },
      ...notModified,
    },
    handle: (ctx) =>
      getCached(ctx, 'events', () => jsonResponse(buildEventCatalogue(foldModules(modules(), 'events')))),
  }),
];
