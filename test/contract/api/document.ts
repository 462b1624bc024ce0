import { buildOpenApiDocument } from '../../../src/platform/docs/index.ts';
import { routes } from '../../../workers/http.ts';

/** A JSON Schema as our generator writes it. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  /** Of objects that one field distinguishes. */
  oneOf?: Schema[];
  allOf?: Schema[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  default?: unknown;
}

export type Content = Record<string, { schema: Schema }>;

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description?: string;
  schema: Schema;
}

export interface OpenApiOperation {
  operationId: string;
  tags: [string];
  summary: string;
  description: string;
  deprecated?: boolean;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, { description: string; content?: Content }>;
  'x-access': { kind: string; permission?: string; guests?: boolean };
  'x-limit': string;
  'x-time-limit-seconds': number;
  'x-body-limit-bytes'?: number;
  'x-errors': string[];
}

export interface OpenApiDocument {
  paths: Record<string, Record<string, OpenApiOperation>>;
  components: { schemas: Record<string, Schema> };
  'x-error-catalogue': { code: string; status: number; title: string }[];
}

/** The document of the routes as they are in the working tree. */
export const buildDocument = (): OpenApiDocument =>
  buildOpenApiDocument(routes, 'https://api.auralink.example') as unknown as OpenApiDocument;

export interface Endpoint {
  method: string;
  path: string;
  operation: OpenApiOperation;
}

/** Every operation, by path and then by method. */
export function listEndpoints(document: OpenApiDocument): Endpoint[] {
  return Object.entries(document.paths)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, methods]) =>
      Object.entries(methods)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    );
}

const REF = '#/components/schemas/';

/** The name of the component that a schema refers to. */
export const getRefName = ({ $ref }: Schema): string | undefined => $ref?.slice(REF.length);

/** The alternatives of a schema that has some. */
export const variantsOf = ({ anyOf, oneOf }: Schema): Schema[] | undefined => oneOf ?? anyOf;

/** Every schema directly inside of one. */
export function listInnerSchemas(schema: Schema): Schema[] {
  const { properties = {}, items, additionalProperties, allOf = [] } = schema;
  return [
    ...Object.values(properties),
    ...(items ? [items] : []),
    ...(typeof additionalProperties === 'object' ? [additionalProperties] : []),
    ...(variantsOf(schema) ?? []),
    ...allOf,
  ];
}

/** Every schema that an operation names directly: of parameters, body and answers. */
export function listOperationSchemas({
  parameters = [],
  requestBody,
  responses,
}: OpenApiOperation): Schema[] {
  const contents = [requestBody?.content, ...Object.values(responses).map(({ content }) => content)];
  return [
    ...parameters.map(({ schema }) => schema),
    ...contents.flatMap((content) => Object.values(content ?? {}).map(({ schema }) => schema)),
  ];
}

/** Every schema of the document: of components, parameters, bodies and answers, and all inside of them. */
export function listSchemas(document: OpenApiDocument): Schema[] {
  const all: Schema[] = [];
  const add = (schema: Schema) => {
    all.push(schema);
    listInnerSchemas(schema).forEach(add);
  };
  Object.values(document.components.schemas).forEach(add);
  for (const { operation } of listEndpoints(document)) listOperationSchemas(operation).forEach(add);
  return all;
}
