export { findRoute } from './find-route.ts';
export { requireAble, namedModels, requireAnswerable, requireRoute } from './require-route.rules.ts';
export type { PassedOver } from './routing.enums.ts';
export { routingErrors } from './routing.errors.ts';
export type { ConsideredModel, RouteDecision } from './routing.rules.ts';
export { passedOverSchema, routePolicySchema } from './routing.schemas.ts';
