export { createHttpApp } from './app.ts';
export { html, type Html, trustedHtml } from './html.ts';
export { type RequestGuard } from './authorize-request.ts';
export type { AppliedLimit, LimitDecision, Limiter, LimitRule, LimitSubject } from './http.ports.ts';
export { type PipelineOptions } from './pipeline.ts';
export { buildOpenApiDocument } from './openapi.ts';
export { listRouteErrors } from './openapi-operation.ts';
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
export { foldRoutes } from './fold-routes.ts';
