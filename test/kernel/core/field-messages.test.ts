import { z } from '@hono/zod-openapi';
import { describe, expect, it } from 'vitest';
import { describeIssue } from '../../../src/kernel/core/index.ts';

const messagesOf = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value, { error: describeIssue }).error?.issues.map(({ message }) => message);

const CASES: [string, z.ZodType, unknown, string][] = [
  ['a missing field', z.object({ a: z.string() }), {}, 'is required'],
  ['another type', z.string(), 7, 'must be a string'],
  ['no number', z.number(), '7', 'must be a number'],
  ['NaN', z.number(), Number.NaN, 'must be a finite number'],
  ['infinity', z.number(), Number.POSITIVE_INFINITY, 'must be a finite number'],
  ['a fraction', z.int(), 1.5, 'must be a whole number'],
  ['no boolean', z.boolean(), 'yes', 'must be true or false'],
  ['no object', z.strictObject({}), [], 'must be an object'],
  ['no list', z.array(z.string()), {}, 'must be a list'],
  ['a field that must be absent', z.never(), 1, 'must be left out'],
  ['a type without a name', z.symbol(), 1, 'must be of another type'],
  ['text that is too short', z.string().min(1), '', 'must have at least 1 character'],
  ['text that is too long', z.string().max(2), 'abc', 'must have at most 2 characters'],
  ['text of another length', z.string().length(3), 'ab', 'must have exactly 3 characters'],
  ['too many items', z.array(z.number()).max(1), [1, 2], 'must have at most 1 item'],
  ['too few entries', z.map(z.string(), z.string()).min(2), new Map(), 'must have at least 2 entries'],
  ['a small number', z.number().min(1), 0, 'must be at least 1'],
  ['a number at an open bound', z.number().gt(1), 1, 'must be greater than 1'],
  ['a large number', z.number().max(9), 10, 'must be at most 9'],
  ['a number at an open upper bound', z.number().lt(9), 9, 'must be less than 9'],
  ['an early date', z.date().min(new Date(0)), new Date(-1), 'must be at least 1970-01-01T00:00:00.000Z'],
  ['a step', z.number().multipleOf(5), 7, 'must be a multiple of 5'],
  ['a value of none', z.literal('true'), 'false', 'must be true'],
  ['a value of several', z.enum(['open', 'ended']), 'closed', 'must be one of open, ended'],
  ['an address', z.email(), 'ada', 'must be an email address such as ada@northwind.example'],
  ['a pattern', z.string().regex(/^[a-z]+$/), 'A', 'must have the form ^[a-z]+$'],
  ['a beginning', z.string().startsWith('usr_'), 'x', 'must start with "usr_"'],
  ['an end', z.string().endsWith('.csv'), 'x', 'must end with ".csv"'],
  ['a part', z.string().includes('@'), 'x', 'must contain "@"'],
  ['a form without a name', z.cuid(), '~', 'must have the form ^[cC][0-9a-z]{6,}$'],
  ['a checked form', z.stringFormat('roman', () => false), '~', 'does not have the right form'],
  ['an unknown field', z.strictObject({}), { a: 1 }, 'has unknown fields: a'],
  [
    'a name of an entry',
    z.record(z.string().max(1), z.number()),
    { ab: 1 },
    'has a name that is not permitted: it must have at most 1 character',
  ],
  [
    'a key of a map',
    z.map(z.object({ a: z.string() }), z.string()),
    new Map([[{}, '']]),
    'has a name that is not permitted: it is required',
  ],
  [
    'an element under a key of its own',
    z.map(z.object({}), z.string()),
    new Map([[{}, 7]]),
    'has an item that is not permitted: it must be a string',
  ],
  ['one of several forms', z.union([z.string(), z.number()]), null, 'must be a string or must be a number'],
  [
    'one of several objects',
    z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]),
    {},
    'has none of the permitted forms',
  ],
  [
    'a kind of object',
    z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]),
    { kind: 'c' },
    'must be one of a, b',
  ],
  ['a rule without a message', z.string().refine(() => false), 'x', 'is not valid'],
  ['a rule with a message', z.string().refine(() => false, 'must be even'), 'x', 'must be even'],
];

describe('what is wrong with a field is said in a plain sentence', () => {
  it.each(CASES)('%s', (_name, schema, value, expected) => {
    expect(messagesOf(schema, value)).toEqual([expected]);
  });

  it('every kind of issue of the schema library is among the cases', () => {
    const kinds: Record<z.core.$ZodIssue['code'], true> = {
      invalid_type: true,
      too_big: true,
      too_small: true,
      invalid_format: true,
      not_multiple_of: true,
      unrecognized_keys: true,
      invalid_union: true,
      invalid_key: true,
      invalid_element: true,
      invalid_value: true,
      custom: true,
    };
    const tried = CASES.flatMap(([, schema, value]) => schema.safeParse(value).error!.issues);
    expect([...new Set(tried.map(({ code }) => code))].toSorted()).toEqual(Object.keys(kinds).toSorted());
  });

  it('a long list of values is cut', () => {
    const values = Array.from({ length: 500 }, (_, index) => `value-${index}`);
    expect(messagesOf(z.enum(values), 'x')![0]!.length).toBeLessThanOrEqual(300);
  });
});
