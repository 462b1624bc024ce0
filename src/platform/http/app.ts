import { Hono } from 'hono';
import { requestErrors } from '../../kernel/core/index.ts';
import { createErrorPages } from './error-pages.ts';
import { PathRouter } from './path-router.ts';
import { createPipeline, type PipelineOptions } from './pipeline.ts';
import { preflightHeaders, SECURITY_HEADERS } from './response-headers.ts';
import type { HttpMethod, Route } from './route.ts';

/** `{organizationId}` as OpenAPI writes it becomes `:organizationId` as Hono does. */
const toHonoPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** Routes in mounting order: a fixed segment before a parameter, so that `/logs/export` never matches `/logs/{id}`. */
function sortForMounting(routes: readonly Route[]): Route[] {
  const sortKey = ({ path }: Route) =>
    path
      .split('/')
      .map((part) => (part.startsWith('{') ? '1' : '0'))
      .join('');
  const keyed = routes.map((route) => ({ route, key: sortKey(route) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ route }) => route);
}

/** Builds the HTTP application of the given routes, with preflights and 405 for each path. */
export function createHttpApp(routes: readonly Route[], options: Omit<PipelineOptions, 'dispatch'>): Hono {
  const app = new Hono({ router: new PathRouter() });
  const dispatch: PipelineOptions['dispatch'] = async (request, { env, executionCtx }) =>
    app.fetch(request, env, executionCtx);
  const handleRequest = createPipeline({ ...options, dispatch }, createErrorPages(routes));
  const origins = options.services.config.CORS_ORIGINS;
  const sorted = sortForMounting(routes);
  const routesByPath = Map.groupBy(sorted, (route) => toHonoPath(route.path));
  for (const [path, pathRoutes] of routesByPath) {
    const methods: HttpMethod[] = pathRoutes.map((route) => route.method);
    const allowedOrigins = pathRoutes.some(({ anyOrigin }) => anyOrigin) ? '*' : origins;
    app.options(path, (c) =>
      c.body(null, 204, {
        ...SECURITY_HEADERS,
        Vary: 'Origin',
        ...Object.assign({}, ...pathRoutes.map(({ responseHeaders }) => responseHeaders)),
        ...preflightHeaders(c.req.header('origin') ?? null, allowedOrigins, methods),
      }),
    );
    const allow = methods.map((method) => (method === 'get' ? 'GET, HEAD' : method.toUpperCase())).join(', ');
    const routeByMethod = new Map(pathRoutes.map((route) => [route.method.toUpperCase(), route]));
    app.all(path, async (c) => {
      const method = c.req.method === 'HEAD' ? 'GET' : c.req.method;
      const route = routeByMethod.get(method);
      if (route) return handleRequest(c, route);
      const response = await handleRequest(
        c,
        undefined,
        requestErrors.methodNotAllowed({ detail: `allowed: ${allow}` }),
      );
      response.headers.set('Allow', allow);
      return response;
    });
  }
  app.notFound((c) => handleRequest(c, undefined));
  return app;
}
