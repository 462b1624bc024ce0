import { z } from '@hono/zod-openapi';
import type { Ctx } from '../../kernel/context/index.ts';
import { base64Url } from '../../kernel/core/index.ts';
import { defineRoute, type Html, type Route } from '../http/index.ts';
import type { OpenApiDocument } from './openapi-document.ts';
import { renderOperationList, renderReferencePage } from './reference-page.ts';

const apiRootSchema = z
  .object({
    name: z.literal('AuraLink').openapi({ description: 'Name of the product.' }),
    apiUrl: z.string().openapi({ description: 'Base URL of all operations of version 1.' }),
    documentationUrl: z.string().openapi({ description: 'API reference, for browsers.' }),
    openApiUrl: z.string().openapi({ description: 'OpenAPI 3.1 document of the HTTP API.' }),
    asyncApiUrl: z.string().openapi({ description: 'AsyncAPI 3 document of the sockets.' }),
    eventsUrl: z.string().openapi({ description: 'Catalogue of the public event types.' }),
    errorsUrl: z.string().openapi({ description: 'Error catalogue, for browsers.' }),
  })
  .openapi('ApiRoot');

type ApiRoot = z.output<typeof apiRootSchema>;

const listAddresses = (publicUrl: string): ApiRoot => ({
  name: 'AuraLink',
  apiUrl: `${publicUrl}/api/v1`,
  documentationUrl: `${publicUrl}/docs`,
  openApiUrl: `${publicUrl}/openapi.json`,
  asyncApiUrl: `${publicUrl}/asyncapi.json`,
  eventsUrl: `${publicUrl}/events.json`,
  errorsUrl: `${publicUrl}/errors`,
});

/** Browsers ask for HTML by name; programs accept JSON or anything. */
const prefersHtml = (request: Request) => request.headers.get('accept')?.includes('text/html') === true;

const common = {
  method: 'get',
  tag: 'Documentation',
  access: { kind: 'public', reason: 'the API documentation is public' },
  limit: 'documents',
} as const;

const rootRoute = defineRoute({
  ...common,
  path: '/',
  operationId: 'getApiRoot',
  summary: 'Get the API root',
  description:
    'Returns the addresses of the API and its documentation. A request that accepts `text/html`, as browsers send, is ' +
    'redirected to the API reference.',
  success: {
    200: {
      description: 'The addresses.',
      schema: apiRootSchema,
      example: listAddresses('https://api.auralink.example'),
    },
    302: { description: 'To the API reference, for browsers.' },
  },
  handle: (ctx) => Promise.resolve(listAddresses(ctx.config.PUBLIC_URL.replace(/\/$/, ''))),
  respond: (root, { request }) => {
    const headers = { Vary: 'Origin, Accept' };
    return prefersHtml(request)
      ? { status: 302, headers: { ...headers, Location: '/docs' } }
      : { status: 200, body: root, headers };
  },
});

const NONCE_BYTES = 16;

const docsRoute = (getDocument: (ctx: Ctx) => OpenApiDocument) => {
  let operations: Html | undefined;
  return defineRoute({
    ...common,
    path: '/docs',
    operationId: 'getDocs',
    summary: 'Get the API reference',
    description:
      'Returns the API reference as an HTML page, with search, code samples and a client that sends requests.',
    success: { 200: { description: 'The page.', mediaTypes: ['text/html'] } },
    async handle(ctx) {
      operations ??= renderOperationList(getDocument(ctx));
      const files = await ctx.ports.referencePages.files();
      const nonce = base64Url(ctx.ids.random(NONCE_BYTES));
      return renderReferencePage(files, ctx.config.PUBLIC_URL, operations, nonce);
    },
    respond: ({ content, headers }) => ({
      status: 200,
      raw: { content, type: 'text/html; charset=utf-8' },
      headers,
    }),
  });
};

/** The API root and the API reference. */
export const referenceRoutes = (getDocument: (ctx: Ctx) => OpenApiDocument): readonly Route[] => [
  rootRoute,
  docsRoute(getDocument),
];
