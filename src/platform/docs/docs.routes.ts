import { z } from '@hono/zod-openapi';
import type { Ctx } from '../context/index.ts';
import { sha256Hex } from '../core/index.ts';
import { defineRoute, openApiDocument, type Reply, type Route } from '../http/index.ts';
import { docsErrors } from './docs.errors.ts';
import { cataloguePage, errorPage } from './errors-page.ts';
import type { OpenApi } from './openapi-types.ts';
import { type Page, renderPage } from './page.ts';
import { referencePage } from './reference.ts';

const tag = 'Documentation';
const access = { kind: 'public', reason: 'the contract is there to be read before signing up' } as const;
const limit = 'health';
/** A new deployment is seen after as long. */
const MAX_AGE_SECONDS = 300;
const codeSchema = z
  .string()
  .max(100)
  .regex(/^[a-z0-9_]+\.[a-z0-9_]+$/, 'must be a code such as request.invalid')
  .openapi({ example: 'request.invalid' });

/** Something made once in an isolate, as it is sent. */
interface Prepared {
  content: string;
  type: string;
  headers: Record<string, string>;
}

const HTML = 'text/html; charset=utf-8';

async function withTag(prepared: Prepared): Promise<Prepared> {
  const tagged = `"${(await sha256Hex(prepared.content)).slice(0, 32)}"`;
  return { ...prepared, headers: { ...prepared.headers, ETag: tagged } };
}

async function pageOf(page: Page): Promise<Prepared> {
  return withTag({ type: HTML, ...(await renderPage(page, MAX_AGE_SECONDS)) });
}

const reply = ({ content, type, headers }: Prepared): Reply => ({
  status: 200,
  raw: { content, type },
  headers,
});

/** Values that are made at their first use and kept as long as the isolate. */
function createShelf() {
  const shelf = new Map<string, Prepared>();
  return async (key: string, make: () => Promise<Prepared>): Promise<Prepared> => {
    const kept = shelf.get(key);
    if (kept) return kept;
    const made = await make();
    shelf.set(key, made);
    return made;
  };
}

/**
 * The API's own documentation.
 * @param routes every route of the product, these among them; asked at the first request
 */
export function documentationRoutes(routes: () => readonly Route[]): readonly Route[] {
  const shelf = createShelf();
  const documents = new Map<string, OpenApi>();
  const documentOf = ({ config: { PUBLIC_URL: url } }: Ctx): OpenApi => {
    const document = documents.get(url) ?? (openApiDocument(routes(), url) as unknown as OpenApi);
    documents.set(url, document);
    return document;
  };
  const shelved = (ctx: Ctx, name: string, make: () => Promise<Prepared>) =>
    shelf(`${ctx.config.PUBLIC_URL} ${name}`, make);
  const unchanged = { 304: { description: "The caller's copy is the newest" } };
  const common = { method: 'get', tag, access, limit } as const;
  return [
    defineRoute({
      ...common,
      path: '/openapi.json',
      operationId: 'getOpenApi',
      summary: 'Read the OpenAPI 3.1 document',
      success: {
        200: { description: 'The document, generated from the routes', mediaTypes: ['application/json'] },
        ...unchanged,
      },
      handle: (ctx) =>
        shelved(ctx, 'openapi', () =>
          withTag({
            content: JSON.stringify(documentOf(ctx)),
            type: 'application/json',
            headers: { 'Cache-Control': `public, max-age=${MAX_AGE_SECONDS}` },
          }),
        ),
      respond: reply,
    }),
    defineRoute({
      ...common,
      path: '/docs',
      operationId: 'getDocs',
      summary: 'Read the API reference in a browser',
      success: { 200: { description: 'A page', mediaTypes: ['text/html'] }, ...unchanged },
      handle: (ctx) => shelved(ctx, 'docs', () => pageOf(referencePage(documentOf(ctx)))),
      respond: reply,
    }),
    defineRoute({
      ...common,
      path: '/errors',
      operationId: 'getErrorCatalogue',
      summary: 'Read the error catalogue in a browser',
      success: { 200: { description: 'A page', mediaTypes: ['text/html'] }, ...unchanged },
      handle: (ctx) => shelved(ctx, 'errors', () => pageOf(cataloguePage(documentOf(ctx)))),
      respond: reply,
    }),
    defineRoute({
      ...common,
      path: '/errors/{code}',
      operationId: 'getErrorPage',
      summary: 'Read about one error code: what the type of a problem points at',
      params: z.strictObject({ code: codeSchema }),
      success: { 200: { description: 'A page', mediaTypes: ['text/html'] }, ...unchanged },
      errors: [docsErrors.unknownCode],
      async handle(ctx, { params: { code } }) {
        const document = documentOf(ctx);
        const entry = document['x-error-catalogue'].find((each) => each.code === code);
        if (!entry) throw docsErrors.unknownCode();
        return shelved(ctx, `errors/${code}`, () => pageOf(errorPage(document, entry)));
      },
      respond: reply,
    }),
  ];
}
