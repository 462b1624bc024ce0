import { z } from '@hono/zod-openapi';
import type { CustomData } from '../account/stored.ts';
import { PaddleFailure } from './errors.ts';

export const text = z.string().min(1).max(2_048);
export const minorUnits = z.string().regex(/^\d{1,15}$/, 'must be minor units as a string');
export const currencyCode = z.string().regex(/^[A-Z]{3}$/);
export const customData = z.record(z.string(), z.unknown()).nullable().default(null);
export const moment = z.iso.datetime({ offset: true });
export const cycle = z.strictObject({
  interval: z.enum(['day', 'week', 'month', 'year']),
  frequency: z.int().min(1).max(999),
});
export const quantity = z.int().min(1).max(999_999_999);
/** Several values of a query, separated by commas. */
export const anyOf = text.transform((value) => value.split(',')).optional();
export const pageShape = {
  after: text.optional(),
  per_page: z.coerce.number().int().min(1).max(200).default(50),
};

export type { CustomData };

/** @throws PaddleFailure naming the fields that are unknown, missing or malformed */
export function parseParams<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) => {
    const field = issue.path.join('.');
    const names = issue.code === 'unrecognized_keys' ? issue.keys : [''];
    return names.map((name) => ({
      field: [field, name].filter(Boolean).join('.'),
      message: issue.message,
    }));
  });
  throw new PaddleFailure(400, 'invalid_field', 'Request does not pass validation.', errors);
}
