import type { z } from '@hono/zod-openapi';
import { cutText } from './storable.ts';

/** An issue as the schema library reports it, with the value that it is about. */
type Issue = z.core.$ZodRawIssue;
type IssueOf<Code extends z.core.$ZodIssue['code']> = Extract<Issue, { code: Code }>;

/** Characters of a message; a choice among hundreds of values is cut. */
const MAX_MESSAGE_LENGTH = 300;

const TYPES: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  tuple: 'a list',
  set: 'a list',
  map: 'an object',
  date: 'a date and time',
  null: 'null',
  never: 'left out',
};

const FORMATS: Record<string, string> = {
  email: 'an email address such as ada@northwind.example',
  url: 'a URL such as https://www.northwind.example/',
  datetime: 'a date and time such as 2026-01-05T09:30:00Z',
  date: 'a date such as 2026-01-05',
  time: 'a time such as 09:30:00',
  duration: 'a duration such as PT30M',
  uuid: 'a UUID',
  guid: 'a UUID',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  base64: 'text in base64',
  base64url: 'text in base64url',
  json_string: 'JSON',
  jwt: 'a JSON web token',
  e164: 'a phone number such as +34911234567',
  lowercase: 'in lower case',
  uppercase: 'in upper case',
};

const plural = (count: number | bigint, unit: string) => `${count} ${unit}${Number(count) === 1 ? '' : 's'}`;

const UNITS: Record<string, string> = {
  string: 'character',
  file: 'byte',
  array: 'item',
  set: 'item',
  map: 'entry',
};

/** `must have at least 1 character`, `must be at most 100`. */
function describeBound(origin: string, bound: string, value: number | bigint): string {
  const unit = UNITS[origin];
  if (unit === undefined)
    return `must be ${bound} ${origin === 'date' ? new Date(Number(value)).toISOString() : value}`;
  return `must have ${bound} ${unit === 'entry' && Number(value) !== 1 ? `${value} entries` : plural(value, unit)}`;
}

function describeLimit(issue: IssueOf<'too_small'> | IssueOf<'too_big'>): string {
  const isLow = issue.code === 'too_small';
  const value = isLow ? issue.minimum : issue.maximum;
  const isCount = issue.origin in UNITS;
  if (issue.exact) return describeBound(issue.origin, 'exactly', value);
  if (issue.inclusive !== false) return describeBound(issue.origin, isLow ? 'at least' : 'at most', value);
  if (isCount) return describeBound(issue.origin, isLow ? 'more than' : 'fewer than', value);
  return describeBound(issue.origin, isLow ? 'greater than' : 'less than', value);
}

function describeFormat(issue: IssueOf<'invalid_format'>): string {
  const { format } = issue;
  const quote = (text: unknown) => JSON.stringify(text);
  if (format === 'starts_with') return `must start with ${quote(issue.prefix)}`;
  if (format === 'ends_with') return `must end with ${quote(issue.suffix)}`;
  if (format === 'includes') return `must contain ${quote(issue.includes)}`;
  if (Object.hasOwn(FORMATS, format)) return `must be ${FORMATS[format]}`;
  const pattern = (issue.pattern ?? '').replace(/^\/(.*)\/\w*$/s, '$1');
  return pattern === '' ? 'does not have the right form' : `must have the form ${pattern}`;
}

function describeType({ expected, input }: IssueOf<'invalid_type'>): string {
  if (input === undefined) return 'is required';
  if (typeof input === 'number' && !Number.isFinite(input)) return 'must be a finite number';
  return `must be ${TYPES[expected] ?? 'of another type'}`;
}

const describeValue = (value: unknown) => (typeof value === 'string' ? value : String(value));

/** What each of the permitted forms asks for, where the issue concerns the value as a whole. */
function describeForms({ errors, options }: IssueOf<'invalid_union'>): string {
  if (Array.isArray(options) && options.length > 0)
    return `must be one of ${options.map(describeValue).join(', ')}`;
  const whole = errors.flat().filter(({ path }) => path.length === 0);
  const texts = [...new Set(whole.map(({ message }) => message))];
  return texts.length === 0 ? 'has none of the permitted forms' : texts.join(' or ');
}

function describe(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return describeType(issue);
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${describeValue(issue.values[0])}`
        : `must be one of ${issue.values.map(describeValue).join(', ')}`;
    case 'too_small':
    case 'too_big':
      return describeLimit(issue);
    case 'invalid_format':
      return describeFormat(issue);
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return `has unknown fields: ${issue.keys.join(', ')}`;
    case 'invalid_key':
      return `has a name that is not permitted: it ${issue.issues[0]?.message ?? 'has the wrong form'}`;
    case 'invalid_element':
      return `has an item that is not permitted: it ${issue.issues[0]?.message ?? 'has the wrong form'}`;
    case 'invalid_union':
      return describeForms(issue);
    case 'custom':
      return 'is not valid';
  }
}

/**
 * Describes an issue in a sentence whose subject is the field: `must be a number`. Pass it as `error` when parsing what
 * comes from outside, so that no wording of the schema library leaves the product; a schema's own messages win over it.
 */
export const describeIssue = (issue: Issue): string => cutText(describe(issue), MAX_MESSAGE_LENGTH);
