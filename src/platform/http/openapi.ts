import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { errorCatalogue } from '../../kernel/core/index.ts';
import { buildOperation } from './openapi-operation.ts';
import type { Route } from './route.ts';

/** Builds the OpenAPI 3.1 document of the routes. */
export function buildOpenApiDocument(routes: readonly Route[], serverUrl: string): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'An access token or an API key.',
  });
  registry.registerComponent('securitySchemes', 'operator', {
    type: 'http',
    scheme: 'bearer',
    description: "The operator's token (`OPERATOR_TOKEN`).",
  });
  for (const route of routes) registry.registerPath(buildOperation(route));
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: 'AuraLink', version: '1.0.0', description: 'Edge-native back end for AI-assisted calls' },
    servers: [{ url: serverUrl }],
  });
  return { ...document, 'x-error-catalogue': errorCatalogue() };
}
