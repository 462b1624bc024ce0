import type { Ctx } from '../../kernel/context/index.ts';
import type { ModuleManifest } from '../../kernel/modules/index.ts';
import { foldRoutes, type Route } from '../http/index.ts';
import { buildOpenApiDocument } from './openapi.ts';
import { createResponseCache } from './cached-response.ts';
import { documentRoutes } from './document.routes.ts';
import { errorRoutes } from './error.routes.ts';
import type { OpenApiDocument } from './openapi-document.ts';
import { referenceRoutes } from './reference.routes.ts';

/**
 * The routes of the API documentation.
 * @param modules every module of the product, including this one; called at the first request
 */
export function documentationRoutes(modules: () => readonly ModuleManifest[]): readonly Route[] {
  const getCached = createResponseCache();
  const documents = new Map<string, OpenApiDocument>();
  const getDocument = ({ config: { PUBLIC_URL: url } }: Ctx): OpenApiDocument => {
    const document =
      documents.get(url) ?? (buildOpenApiDocument(foldRoutes(modules()), url) as unknown as OpenApiDocument);
    documents.set(url, document);
    return document;
  };
  return [
    ...referenceRoutes(getDocument),
    ...documentRoutes(getCached, getDocument, modules),
    ...errorRoutes(getCached, getDocument),
  ];
}
