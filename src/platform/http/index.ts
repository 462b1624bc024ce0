export { createHttpApp } from './app.ts';
export { type RequestGuard } from './admit.ts';
export { type PipelineOptions } from './door.ts';
export { buildOpenApiDocument, listRouteErrors } from './openapi.ts';
export { continueTrace, readParentSpanId } from './origin.ts';
export {
  type RouteAccess,
  created,
  defineRoute,
  type LimitName,
  noContent,
  ok,
  type Reply,
  type Route,
} from './route.ts';
