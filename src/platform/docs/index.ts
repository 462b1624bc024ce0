export { buildOpenApiDocument } from './openapi.ts';
export { listRouteErrors } from './openapi-operation.ts';
export type { ReferenceFiles, ReferencePages } from './docs.ports.ts';
