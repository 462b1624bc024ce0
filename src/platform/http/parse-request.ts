import { z } from '@hono/zod-openapi';
import {
  escapePointer,
  type FieldError,
  findUnstorableParts,
  requestErrors,
} from '../../kernel/core/index.ts';

/** Fields that a response names; a body of unknown fields would otherwise be answered by several times its size. */
const MAX_ERRORS = 50;

function listFieldErrors(base: string, error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(escapePointer);
    const pointerTo = (extra: string[]) => `${base}${[...path, ...extra].map((part) => `/${part}`).join('')}`;
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        pointer: pointerTo([escapePointer(key)]),
        message: 'is not a known field',
      }));
    return [{ pointer: pointerTo([]) || '/', message: issue.message }];
  });
}

/**
 * Parses one part of a request.
 * @param base `''` for the body, `#/query`, `#/path` or `#/header`
 * @throws AppError `request.invalid` naming the invalid fields, at most 50
 */
export function parsePart<T extends z.ZodType>(schema: T, value: unknown, base: string): z.output<T> {
  const unstorable = findUnstorableParts(value, base);
  if (unstorable.length > 0) throw requestErrors.invalid({ errors: unstorable.slice(0, MAX_ERRORS) });
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw requestErrors.invalid({ errors: listFieldErrors(base, result.error).slice(0, MAX_ERRORS) });
}

/**
 * Parses the headers that the schema names; an absent header is undefined.
 * @throws AppError `request.invalid`
 */
export function parseRequestHeaders(schema: z.ZodType, request: Request): unknown {
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
