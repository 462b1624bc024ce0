export { buildOpenApiDocument } from './openapi.ts';
export { describeRequest, type JsonSchema, type RequestParameter } from './describe-request.ts';
export { listRouteErrors } from './openapi-operation.ts';
export type { ReferenceFiles, ReferencePages } from './docs.ports.ts';
