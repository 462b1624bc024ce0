import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import { PaddleFailure } from './errors.ts';
import { parseParams } from './params.ts';

export interface Call<P> {
  account: Account;
  params: P;
  /** The variable parts of the path, in order. */
  ids: string[];
  url: URL;
}

export interface Route {
  method: string;
  pattern: RegExp;
  run(call: Omit<Call<unknown>, 'params'>, params: unknown): unknown;
}

/**
 * A route of the API: `POST /customers/:id`. Parameters that are not in its shape are refused, those of the real API that
 * this program does not act on among them.
 */
export function route<S extends z.ZodRawShape>(
  spec: `${'GET' | 'POST' | 'PATCH' | 'DELETE'} /${string}`,
  shape: S,
  handle: (call: Call<z.output<z.ZodObject<S>>>) => unknown,
): Route {
  const [method = '', path = ''] = spec.split(' ');
  const schema = z.strictObject(shape);
  return {
    method,
    pattern: new RegExp(`^${path.replaceAll(/:\w+/g, '([^/]+)')}$`),
    run: (call, given) => handle({ ...call, params: parseParams(schema, given) as z.output<z.ZodObject<S>> }),
  };
}

/** @throws PaddleFailure 404 when there is none */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; ids: string[] } {
  for (const each of routes) {
    const match = each.method === method ? each.pattern.exec(path) : null;
    if (match) return { route: each, ids: match.slice(1).map(decodeURIComponent) };
  }
  throw new PaddleFailure(404, 'invalid_url', `${method} ${path} is not a URL of this API`);
}
