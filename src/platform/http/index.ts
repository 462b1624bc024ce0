export { createHttpApp } from './app.ts';
export { html, type Html, trustedHtml } from './html.ts';
export { type RequestGuard } from './authorize-request.ts';
export type { AppliedLimit, LimitDecision, Limiter, LimitRule, LimitSubject } from './http.ports.ts';
export { type PipelineOptions } from './pipeline.ts';
export type { FailedPageRequest } from './error-pages.ts';
export {
  type RouteAccess,
  DEFAULT_BODY_LIMIT_BYTES,
  DEFAULT_TIME_LIMIT_SECONDS,
  defineRoute,
  type Dispatch,
  type LimitName,
  type RawRouteBody,
  type Reply,
  type Route,
  type StreamRouteBody,
} from './route.ts';
export { created, noContent, ok } from './build-reply.ts';
export { foldRoutes } from './fold-routes.ts';
