import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import type { Route } from '../http/index.ts';
import { buildRequest } from './openapi-operation.ts';

export type JsonSchema = Record<string, unknown>;

export interface RequestParameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: JsonSchema;
}

/** The input of a route, as in the OpenAPI document, with every schema in its place. */
export interface RequestDescription {
  parameters: RequestParameter[];
  /** The JSON body, where there is one. */
  body: JsonSchema | undefined;
}

interface GeneratedOperation {
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: JsonSchema }[];
  requestBody?: { content: Record<string, { schema: JsonSchema } | undefined> };
}

const REFERENCE = '#/components/schemas/';

/** The schema with those that it names in place of their names. @throws Error for one that contains itself */
function resolveNames(
  node: unknown,
  named: Record<string, unknown>,
  within: readonly string[] = [],
): unknown {
  if (Array.isArray(node)) return node.map((each) => resolveNames(each, named, within));
  if (node === null || typeof node !== 'object') return node;
  const { $ref, ...rest } = node as JsonSchema;
  if (typeof $ref === 'string' && $ref.startsWith(REFERENCE)) {
    const name = $ref.slice(REFERENCE.length);
    if (within.includes(name)) throw new Error(`the schema ${name} contains itself`);
    return { ...(resolveNames(named[name], named, [...within, name]) as JsonSchema), ...rest };
  }
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, resolveNames(value, named, within)]),
  );
}

/** Describes the parameters and the body of a route in JSON Schema. */
export function describeRequest(route: Route): RequestDescription {
  const registry = new OpenAPIRegistry();
  const request = buildRequest(route);
  registry.registerPath({
    method: route.method,
    path: route.path,
    ...(request ? { request } : {}),
    responses: {},
  });
  const { paths, components } = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: '', version: '' },
  });
  const operations = paths?.[route.path] as Record<string, GeneratedOperation> | undefined;
  const operation = operations?.[route.method] ?? {};
  const named = (components?.schemas ?? {}) as Record<string, unknown>;
  const resolve = (schema: JsonSchema) => resolveNames(schema, named) as JsonSchema;
  const body = operation.requestBody?.content['application/json']?.schema;
  return {
    parameters: (operation.parameters ?? []).map(({ name, in: place, required, description, schema }) => ({
      name,
      in: place as RequestParameter['in'],
      required: required === true,
      schema: { ...resolve(schema), ...(description === undefined ? {} : { description }) },
    })),
    body: body && resolve(body),
  };
}
