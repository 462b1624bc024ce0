import { z } from '@hono/zod-openapi';
import type { Context as HonoContext } from 'hono';
import {
  type Actor,
  type AppError,
  describeIssue,
  escapePointer,
  type FieldError,
  findUnstorableParts,
  readIfMatch,
  requestErrors,
} from '../../kernel/core/index.ts';
import type { PipelineOptions } from './pipeline.ts';
import { readJsonBody, readRawBody, requireStreamable } from './read-body.ts';
import { DEFAULT_BODY_LIMIT_BYTES, type Route, type RouteInput } from './route.ts';

/** Fields that a response names; a body of unknown fields would otherwise be answered by several times its size. */
const MAX_ERRORS = 50;

/** The error that names the first of these fields, and says how many there are when it leaves some out. */
function invalidFields(errors: FieldError[]): AppError {
  if (errors.length <= MAX_ERRORS) return requestErrors.invalid({ errors });
  return requestErrors.invalid({
    detail: `${errors.length} fields are not valid; the first ${MAX_ERRORS} are listed`,
    errors: errors.slice(0, MAX_ERRORS),
  });
}

const PARSE_OPTIONS = { error: describeIssue };

type Issue = z.core.$ZodIssue;

/** The issues of an alternative that fits the kind of the value: of an object or a list, where either is taken. */
function resolveUnion(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const ofSameKind = issue.errors.filter(
    ([first]) => !(first?.code === 'invalid_type' && first.path.length === 0),
  );
  if (ofSameKind.length !== 1) return [issue];
  return ofSameKind[0]!.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** @param known the fields to choose from, where the caller may want one of them */
function listFieldErrors(base: string, error: z.ZodError, known?: readonly string[]): FieldError[] {
  const unknownField = known ? `is not a parameter; there are ${known.join(', ')}` : 'is not a known field';
  return error.issues.flatMap(resolveUnion).flatMap((issue) => {
    const path = issue.path.map(escapePointer);
    const pointerTo = (extra: string[]) => `${base}${[...path, ...extra].map((part) => `/${part}`).join('')}`;
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        pointer: pointerTo([escapePointer(key)]),
        message: unknownField,
      }));
    return [{ pointer: pointerTo([]) || '/', message: issue.message }];
  });
}

/**
 * Parses one part of a request.
 * @param base `''` for the body, `#/query`, `#/path` or `#/header`
 * @param known names that the message about an unknown one offers
 * @throws AppError `request.invalid` naming the invalid fields, at most 50
 */
function parsePart<T extends z.ZodType>(
  schema: T,
  value: unknown,
  base: string,
  known?: readonly string[],
): z.output<T> {
  const unstorable = findUnstorableParts(value, base);
  if (unstorable.length > 0) throw invalidFields(unstorable);
  const result = schema.safeParse(value, PARSE_OPTIONS);
  if (result.success) return result.data;
  throw invalidFields(listFieldErrors(base, result.error, known));
}

/**
 * Parses the query. A parameter stands in it once: of two values a proxy may check one, and the product use the other.
 * @throws AppError `request.invalid`
 */
function parseQuery(schema: z.ZodType, values: Record<string, string[]>): unknown {
  const repeated = Object.keys(values).filter((name) => values[name]!.length > 1);
  if (repeated.length > 0)
    throw invalidFields(
      repeated.map((name) => ({
        pointer: `#/query/${escapePointer(name)}`,
        message: 'is given more than once',
      })),
    );
  const query = Object.fromEntries(Object.entries(values).map(([name, [value]]) => [name, value]));
  return parsePart(schema, query, '#/query', Object.keys((schema as z.ZodObject).shape));
}

/**
 * Parses the headers that the schema names; an absent header is undefined.
 * @throws AppError `request.invalid`
 */
function parseRequestHeaders(schema: z.ZodType, request: Request): unknown {
  const names = Object.keys((schema as z.ZodObject).shape);
  const values = names.map((name) => [name, request.headers.get(name) ?? undefined] as const);
  return parsePart(schema, Object.fromEntries(values), '#/header');
}

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/** @throws AppError `request.invalid` unless the key is 1 to 255 visible ASCII characters */
export function readIdempotencyKey(header: string | null): string | undefined {
  if (header === null) return undefined;
  if (!IDEMPOTENCY_KEY.test(header))
    throw requestErrors.invalid({
      errors: [{ pointer: '#/header/Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }],
    });
  return header;
}

export type AnyRouteInput = RouteInput<undefined, undefined, undefined>;

/** Parses what the route takes of a request. @throws AppError `request.*` */
export async function readInput(
  route: Route,
  c: HonoContext,
  actor: Actor,
  { dispatch }: PipelineOptions,
): Promise<AnyRouteInput> {
  const request = c.req.raw;
  const params = route.params ? parsePart(route.params, c.req.param(), '#/path') : undefined;
  const query = route.query ? parseQuery(route.query, c.req.queries()) : undefined;
  const body = route.body
    ? parsePart(
        route.body.schema,
        await readJsonBody(request, route.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES, route.body.mediaTypes),
        '',
      )
    : undefined;
  const headers = route.headers ? parseRequestHeaders(route.headers, request) : undefined;
  const raw = route.rawBody
    ? await readRawBody(request, route.rawBody.mediaTypes, route.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES)
    : '';
  if (route.streamBody) requireStreamable(request, route.streamBody);
  const ifMatch = route.concurrency ? readIfMatch(request.headers.get('if-match')) : undefined;
  const input = { params, query, headers, body, raw, request, ifMatch, actor } as AnyRouteInput;
  if (route.dispatches) input.dispatch = (inner) => dispatch(inner, c);
  return input;
}
