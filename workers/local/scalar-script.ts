import scalar from '@scalar/fastify-api-reference';

interface ScriptReply {
  header(name: string, value: string): ScriptReply;
  send(content: string): string;
}

interface ScriptRoute {
  url: string;
  handler(request: unknown, reply: ScriptReply): string;
}

/** The part of a Fastify server that the plugin uses. */
interface PluginHost {
  route(route: ScriptRoute): void;
}

const SCRIPT_URL = '/js/scalar.js';

/**
 * The script of the API reference for browsers, as Scalar builds it. The plugin for Fastify carries it in one file and brings
 * 13 packages; Scalar's own package, for bundlers, brings 273. So the plugin is asked for the script that it would serve.
 */
export function readScalarScript(): string {
  const routes: ScriptRoute[] = [];
  const register = scalar as unknown as (host: PluginHost, options: object, done: () => void) => void;
  const options = { routePrefix: '', configuration: { url: '/openapi.json' } };
  register({ route: (route) => routes.push(route) }, options, () => {});
  const route = routes.find(({ url }) => url.endsWith(SCRIPT_URL));
  if (!route) throw new Error(`@scalar/fastify-api-reference has no route ${SCRIPT_URL}`);
  const reply: ScriptReply = { header: () => reply, send: (content) => content };
  return route.handler(undefined, reply).replace(/\n\/\/# sourceMappingURL=.*$/, '');
}
