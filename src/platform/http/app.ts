import { Hono } from 'hono';
import { requestErrors } from '../core/index.ts';
import { createDoor, type DoorOptions } from './door.ts';
import { preflightHeaders, SECURITY_HEADERS } from './headers.ts';
import type { Method, Route } from './route.ts';

/** `{organizationId}` as OpenAPI writes it becomes `:organizationId` as Hono does. */
const honoPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** Paths in their mounting order: a fixed segment before a parameter, so that `/logs/export` is never an id. */
function inMountingOrder(routes: readonly Route[]): Route[] {
  const weight = (path: string) =>
    path
      .split('/')
      .map((part) => (part.startsWith('{') ? '1' : '0'))
      .join('');
  return [...routes].sort((a, b) => (weight(a.path) < weight(b.path) ? -1 : 1));
}

/** The HTTP application over the given routes. */
export function createHttpApp(routes: readonly Route[], options: DoorOptions): Hono {
  const app = new Hono();
  const door = createDoor(options);
  const origins = options.services.config.CORS_ORIGINS;
  const methodsOf = Map.groupBy(inMountingOrder(routes), (route) => honoPath(route.path));
  for (const route of inMountingOrder(routes))
    app.on(route.method, honoPath(route.path), (c) => door(c, route));
  for (const [path, sharing] of methodsOf) {
    const methods: Method[] = sharing.map((route) => route.method);
    app.options(path, (c) =>
      c.body(null, 204, {
        ...SECURITY_HEADERS,
        Vary: 'Origin',
        ...preflightHeaders(c.req.header('origin') ?? null, origins, methods),
      }),
    );
    const allow = methods.map((method) => method.toUpperCase()).join(', ');
    app.all(path, async (c) => {
      const response = await door(c, undefined, requestErrors.methodNotAllowed({ detail: `takes ${allow}` }));
      response.headers.set('Allow', allow);
      return response;
    });
  }
  app.notFound((c) => door(c, undefined));
  return app;
}
