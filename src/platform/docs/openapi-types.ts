/** The parts of an OpenAPI 3.1 document that the reference shows, as our generator writes them. */

export interface OpenApiSchema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string | undefined;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, OpenApiSchema>;
  required?: string[];
  items?: OpenApiSchema;
  additionalProperties?: boolean | OpenApiSchema;
  anyOf?: OpenApiSchema[];
  oneOf?: OpenApiSchema[];
  allOf?: OpenApiSchema[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  default?: unknown;
  example?: unknown;
}

export interface OpenApiContent {
  schema: OpenApiSchema;
  example?: unknown;
}

export interface OpenApiParameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description?: string;
  schema: OpenApiSchema;
}

export interface OpenApiOperation {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  deprecated?: boolean;
  parameters?: OpenApiParameter[];
  requestBody?: { content: Record<string, OpenApiContent> };
  responses: Record<string, { description: string; content?: Record<string, OpenApiContent> }>;
  'x-access': { kind: string; permission?: string; reason?: string };
  'x-limit': string;
  'x-time-limit-seconds': number;
  'x-body-limit-bytes'?: number;
  'x-deprecation'?: { since: string; sunset: string; link: string };
  'x-errors': string[];
}

export interface ErrorCatalogueEntry {
  code: string;
  status: number;
  title: string;
}

export interface OpenApiDocument {
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, OpenApiOperation>>;
  components: { schemas: Record<string, OpenApiSchema> };
  'x-error-catalogue': ErrorCatalogueEntry[];
}
