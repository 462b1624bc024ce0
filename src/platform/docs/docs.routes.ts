import { z } from '@hono/zod-openapi';
import type { Ctx } from '../../kernel/context/index.ts';
import { sha256Hex } from '../../kernel/core/index.ts';
import { foldModules, type ModuleManifest } from '../../kernel/modules/index.ts';
import { defineRoute, buildOpenApiDocument, foldRoutes, type Reply, type Route } from '../http/index.ts';
import { buildEventCatalogue } from './event-catalogue.ts';
import { docsErrors } from './docs.errors.ts';
import { buildCataloguePage, buildErrorPage } from './error-pages.ts';
import type { OpenApiDocument } from './openapi-types.ts';
import { type HtmlPage, renderPage } from './render-page.ts';
import { buildReferencePage } from './reference-page.ts';

const tag = 'Documentation';
const access = { kind: 'public', reason: 'the API documentation is public' } as const;
const limit = 'health';
/** Callers may cache for this long, so they see a new deployment at most this much later. */
const MAX_AGE_SECONDS = 300;
const codeSchema = z
  .string()
  .max(100)
  .regex(/^[a-z0-9_]+\.[a-z0-9_]+$/, 'must be an error code such as request.invalid')
  .openapi({ example: 'request.invalid' });

/** A response that is made once per isolate. */
interface CachedResponse {
  content: string;
  type: string;
  headers: Record<string, string>;
}

const HTML = 'text/html; charset=utf-8';

async function withEtag(prepared: CachedResponse): Promise<CachedResponse> {
  const etag = `"${(await sha256Hex(prepared.content)).slice(0, 32)}"`;
  return { ...prepared, headers: { ...prepared.headers, ETag: etag } };
}

async function buildPageResponse(page: HtmlPage): Promise<CachedResponse> {
  return withEtag({ type: HTML, ...(await renderPage(page, MAX_AGE_SECONDS)) });
}

const toReply = ({ content, type, headers }: CachedResponse): Reply => ({
  status: 200,
  raw: { content, type },
  headers,
});

/** Makes each response at its first use and keeps it as long as the isolate. */
function createResponseCache() {
  const responses = new Map<string, CachedResponse>();
  return async (key: string, make: () => Promise<CachedResponse>): Promise<CachedResponse> => {
    const cached = responses.get(key);
    if (cached) return cached;
    const created = await make();
    responses.set(key, created);
    return created;
  };
}

/**
 * The routes of the API documentation.
 * @param modules every module of the product, including this one; called at the first request
 */
export function documentationRoutes(modules: () => readonly ModuleManifest[]): readonly Route[] {
  const getOrCreate = createResponseCache();
  const documents = new Map<string, OpenApiDocument>();
  const getDocument = ({ config: { PUBLIC_URL: url } }: Ctx): OpenApiDocument => {
    const document =
      documents.get(url) ?? (buildOpenApiDocument(foldRoutes(modules()), url) as unknown as OpenApiDocument);
    documents.set(url, document);
    return document;
  };
  const getCachedResponse = (ctx: Ctx, name: string, make: () => Promise<CachedResponse>) =>
    getOrCreate(`${ctx.config.PUBLIC_URL} ${name}`, make);
  const notModified = { 304: { description: "The caller's cached copy is current." } };
  const common = { method: 'get', tag, access, limit } as const;
  return [
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
      handle: (ctx) =>
        getCachedResponse(ctx, 'openapi', () =>
          withEtag({
            content: JSON.stringify(getDocument(ctx)),
            type: 'application/json',
            headers: { 'Cache-Control': `public, max-age=${MAX_AGE_SECONDS}` },
          }),
        ),
      respond: toReply,
    }),
    defineRoute({
      ...common,
      path: '/events.json',
      operationId: 'getEventCatalogue',
      summary: 'Get the event catalogue',
      description:
        'Every public event type with its version, when it happens, the JSON Schema of its payload and an example. ' +
        'Payloads change within a version only by optional fields.',
      success: {
        200: {
          description: 'The catalogue, generated from the definitions',
          mediaTypes: ['application/json'],
        },
        ...notModified,
      },
      handle: (ctx) =>
        getCachedResponse(ctx, 'events', () =>
          withEtag({
            content: JSON.stringify(buildEventCatalogue(foldModules(modules(), 'events'))),
            type: 'application/json',
            headers: { 'Cache-Control': `public, max-age=${MAX_AGE_SECONDS}` },
          }),
        ),
      respond: toReply,
    }),
    defineRoute({
      ...common,
      path: '/docs',
      operationId: 'getDocs',
      summary: 'Get the API reference',
      description: 'Returns the API reference as an HTML page.',
      success: { 200: { description: 'The page.', mediaTypes: ['text/html'] }, ...notModified },
      handle: (ctx) =>
        getCachedResponse(ctx, 'docs', () => buildPageResponse(buildReferencePage(getDocument(ctx)))),
      respond: toReply,
    }),
    defineRoute({
      ...common,
      path: '/errors',
      operationId: 'getErrorCatalogue',
      summary: 'Get the error catalogue',
      description: 'Returns an HTML page that lists every error code of the API.',
      success: { 200: { description: 'The page.', mediaTypes: ['text/html'] }, ...notModified },
      handle: (ctx) =>
        getCachedResponse(ctx, 'errors', () => buildPageResponse(buildCataloguePage(getDocument(ctx)))),
      respond: toReply,
    }),
    defineRoute({
      ...common,
      path: '/errors/{code}',
      operationId: 'getErrorPage',
      summary: 'Get an error page',
      description: 'Returns an HTML page about one error code. The `type` of a problem links to it.',
      params: z.strictObject({ code: codeSchema.describe('The code of the error.') }),
      success: { 200: { description: 'The page.', mediaTypes: ['text/html'] }, ...notModified },
      errors: [docsErrors.unknownCode],
      async handle(ctx, { params: { code } }) {
        const document = getDocument(ctx);
        const entry = document['x-error-catalogue'].find((each) => each.code === code);
        if (!entry) throw docsErrors.unknownCode();
        return getCachedResponse(ctx, `errors/${code}`, () =>
          buildPageResponse(buildErrorPage(document, entry)),
        );
      },
      respond: toReply,
    }),
  ];
}
