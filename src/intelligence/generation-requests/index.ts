export { ROUTE_POLICIES, type RoutePolicy } from './generation-requests.enums.ts';
export { createGenerationExample } from './generation-requests.examples.ts';
export { chatRequestOf, neededCapabilities } from './generation-requests.rules.ts';
export {
  batchedRequestSchema,
  type CreateGeneration,
  createGenerationSchema,
  temperatureSchema,
} from './generation-requests.schemas.ts';
export { partSchema } from './messages.schemas.ts';
