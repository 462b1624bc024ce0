/** The parts of our OpenAPI 3.1 document that pages show. */

export interface OpenApiOperation {
  operationId: string;
  summary: string;
  tags: string[];
  'x-errors': string[];
}

export interface ErrorCatalogueEntry {
  code: string;
  status: number;
  title: string;
}

export interface OpenApiDocument {
  paths: Record<string, Record<string, OpenApiOperation>>;
  'x-error-catalogue': ErrorCatalogueEntry[];
}

export interface ApiEndpoint {
  method: string;
  path: string;
  operation: OpenApiOperation;
}

/** Every operation of the document, in order. */
export function listEndpoints(document: OpenApiDocument): ApiEndpoint[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
}
