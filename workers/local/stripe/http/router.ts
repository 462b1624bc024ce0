import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import { StripeFailure } from './errors.ts';
import { list, parseParams, text } from './params.ts';

export interface Call<P> {
  account: Account;
  params: P;
  /** The variable parts of the path, in order. */
  ids: string[];
  /** The path without the query. */
  path: string;
}

export interface Route {
  method: string;
  pattern: RegExp;
  run(call: Omit<Call<unknown>, 'params'>, params: unknown): { answer: unknown; expand: string[] };
}

const expandShape = { expand: list(text).optional() };

/**
 * A route of the API: `POST /v1/customers/:id`. Parameters that are not in its shape are refused, those of the real API
 * that this program does not act on among them.
 */
export function route<S extends z.ZodRawShape>(
  spec: `${'GET' | 'POST' | 'DELETE'} /${string}`,
  shape: S,
  handle: (call: Call<z.output<z.ZodObject<S>>>) => unknown,
): Route {
  const [method = '', path = ''] = spec.split(' ');
  const schema = z.strictObject({ ...shape, ...expandShape });
  return {
    method,
    pattern: new RegExp(`^${path.replaceAll('.', String.raw`\.`).replaceAll(/:\w+/g, '([^/]+)')}$`),
    run(call, given) {
      const { expand, ...params } = parseParams(schema, given) as { expand?: string[] };
      return {
        answer: handle({ ...call, params: params as z.output<z.ZodObject<S>> }),
        expand: expand ?? [],
      };
    },
  };
}

/** @throws StripeFailure 404 when there is none */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; ids: string[] } {
  for (const route of routes) {
    const match = route.method === method ? route.pattern.exec(path) : null;
    if (match) return { route, ids: match.slice(1).map(decodeURIComponent) };
  }
  throw new StripeFailure(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${method}: ${path}), or one that this stand-in does not have.`,
  });
}
