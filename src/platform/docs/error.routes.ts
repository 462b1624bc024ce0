import { z } from '@hono/zod-openapi';
import type { Ctx } from '../../kernel/context/index.ts';
import { defineRoute, type Route } from '../http/index.ts';
import {
  type CachedResponse,
  MAX_AGE_SECONDS,
  notModified,
  type ResponseCache,
  toReply,
} from './cached-response.ts';
import { docsErrors } from './docs.errors.ts';
import { buildCataloguePage, buildErrorPage } from './error-pages.ts';
import type { OpenApiDocument } from './openapi-document.ts';
import { type HtmlPage, renderPage } from './render-page.ts';

const codeSchema = z
  .string()
  .max(100)
  .regex(/^[a-z0-9_]+\.[a-z0-9_]+$/, 'must be an error code such as request.invalid')
  .openapi({ description: 'Error code, as in `code` of a problem.', example: 'request.invalid' });

const common = {
  method: 'get',
  tag: 'Documentation',
  access: { kind: 'public', reason: 'the API documentation is public' },
  limit: 'documents',
  success: { 200: { description: 'The page.', mediaTypes: ['text/html'] }, ...notModified },
  respond: toReply,
} as const;

async function pageResponse(page: HtmlPage): Promise<CachedResponse> {
  return { type: 'text/html; charset=utf-8', ...(await renderPage(page, MAX_AGE_SECONDS)) };
}

/** The pages about errors. */
export const errorRoutes = (
  getCached: ResponseCache,
  getDocument: (ctx: Ctx) => OpenApiDocument,
): readonly Route[] => [
  defineRoute({
    ...common,
    path: '/errors',
    operationId: 'getErrorCatalogue',
    summary: 'Get the error catalogue',
    description: 'Returns an HTML page that lists every error code of the API.',
    handle: (ctx) => getCached(ctx, 'errors', () => pageResponse(buildCataloguePage(getDocument(ctx)))),
  }),
  defineRoute({
    ...common,
    path: '/errors/{code}',
    operationId: 'getErrorPage',
    summary: 'Get an error page',
    description: 'Returns an HTML page about one error code. The `type` of a problem links to it.',
    params: z.strictObject({ code: codeSchema }),
    errors: [docsErrors.unknownCode],
    async handle(ctx, { params: { code } }) {
      const document = getDocument(ctx);
      const entry = document['x-error-catalogue'].find((each) => each.code === code);
      if (!entry) throw docsErrors.unknownCode();
      return getCached(ctx, `errors/${code}`, () => pageResponse(buildErrorPage(document, entry)));
    },
  }),
];
