import { z } from '@hono/zod-openapi';
import { StripeFailure } from './errors.ts';

export const text = z.string().min(1).max(5_000);
export const int = z
  .string()
  .regex(/^-?\d{1,15}$/, 'must be an integer')
  .transform(Number);
export const positive = int.refine((value) => value >= 0, 'must not be negative');
export const decimal = z
  .string()
  .regex(/^-?\d{1,15}(\.\d{1,12})?$/, 'must be a decimal number of at most 12 places');
export const bool = z.enum(['true', 'false']).transform((value) => value === 'true');
export const currency = z
  .string()
  .regex(/^[a-zA-Z]{3}$/)
  .transform((value) => value.toLowerCase());
/** A field that an empty string clears. */
export const clearable = <T extends z.ZodType>(schema: T) =>
  z.union([z.literal('').transform(() => null), schema]);
export const list = <T extends z.ZodType>(schema: T) => z.array(schema).max(100);
export const metadata = clearable(z.record(z.string().max(40), z.string().max(500)));

const part = clearable(text).optional();
export const addressParam = z.strictObject({
  city: part,
  country: part,
  line1: part,
  line2: part,
  postal_code: part,
  state: part,
});

export const listShape = {
  limit: int.refine((value) => value >= 1 && value <= 100, 'must be from 1 to 100').default(10),
  starting_after: text.optional(),
  ending_before: text.optional(),
};
const range = z.strictObject({
  gt: int.optional(),
  gte: int.optional(),
  lt: int.optional(),
  lte: int.optional(),
});
export const created = {
  created: z.union([int.transform((at) => ({ gte: at, lte: at })), range]).optional(),
};

/** Existing metadata with the changes of a request: an empty value removes its key, empty metadata removes all. */
export function mergeMetadata(
  existing: Record<string, string> | null,
  change: Record<string, string> | null | undefined,
): Record<string, string> {
  if (change === null) return {};
  const merged = { ...existing, ...change };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
}

const nameOf = (path: readonly PropertyKey[]) =>
  path.map((part, index) => (index === 0 ? String(part) : `[${String(part)}]`)).join('');

function asFailure(issue: z.core.$ZodIssue): StripeFailure {
  if (issue.code === 'unrecognized_keys') {
    const param = nameOf([...issue.path, issue.keys[0] ?? '']);
    return StripeFailure.invalid(`Received unknown parameter: ${param}`, param, 'parameter_unknown');
  }
  const param = nameOf(issue.path);
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return StripeFailure.invalid(`Missing required param: ${param}.`, param, 'parameter_missing');
  return StripeFailure.invalid(`Invalid ${param}: ${issue.message}`, param);
}

/** @throws StripeFailure naming the first parameter that is unknown, missing or malformed */
export function parseParams<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'invalid_union') {
    const inner = issue.errors.flat().at(-1);
    if (inner) throw asFailure({ ...inner, path: [...issue.path, ...inner.path] });
  }
  throw asFailure(
    issue ?? { code: 'custom', path: [], message: 'the request is not valid', input: undefined },
  );
}
