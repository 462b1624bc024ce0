export { createHttpApp } from './app.ts';
export { type Gatekeeper } from './admit.ts';
export { type DoorOptions } from './door.ts';
export { openApiDocument, refusalsOf } from './openapi.ts';
export { continueTrace, parentSpanOf } from './origin.ts';
export {
  type Access,
  created,
  defineRoute,
  type LimitName,
  noContent,
  ok,
  type Reply,
  type Route,
} from './route.ts';
