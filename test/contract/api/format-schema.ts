import { getRefName, type Schema, variantsOf } from './document.ts';

const MAX_LINE = 110;

const formatRange = (min: number | undefined, max: number | undefined): string => {
  if (min === undefined && max === undefined) return '';
  if (min === max) return `(${min})`;
  return `(${min ?? ''}..${max ?? ''})`;
};

/** The prefix of an id: `room` of `^room_[0-7]…$`. */
const findIdPrefix = (pattern: string | undefined) => /^\^([a-z]+)_\[0-7\]/.exec(pattern ?? '')?.[1];

function formatString({ format, pattern, minLength, maxLength }: Schema): string {
  const prefix = findIdPrefix(pattern);
  if (prefix !== undefined) return `${prefix}_…`;
  const range = formatRange(minLength, maxLength);
  return `${format ?? 'string'}${range}${pattern === undefined ? '' : ` /${pattern}/`}`;
}

function formatNumber(type: string, schema: Schema): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const bounds = [
    exclusiveMinimum === undefined ? '' : ` >${exclusiveMinimum}`,
    exclusiveMaximum === undefined ? '' : ` <${exclusiveMaximum}`,
  ];
  return `${type}${formatRange(minimum, maximum)}${bounds.join('')}`;
}

const isShort = (lines: readonly string[]) => lines.join(' ').length <= MAX_LINE;
const indent = (text: string) => text.replaceAll('\n', '\n  ');

function formatObject({ properties = {}, required = [], additionalProperties }: Schema): string {
  const fields = Object.entries(properties).map(
    ([name, schema]) => `${name}${required.includes(name) ? '' : '?'}: ${formatSchema(schema)}`,
  );
  if (typeof additionalProperties === 'object') fields.push(`[key]: ${formatSchema(additionalProperties)}`);
  else if (fields.length === 0) return 'object';
  if (isShort(fields) && !fields.some((field) => field.includes('\n'))) return `{ ${fields.join('; ')} }`;
  return `{\n  ${fields.map(indent).join('\n  ')}\n}`;
}

const formatItem = (item: Schema) => (variantsOf(item) ? `(${formatSchema(item)})` : formatSchema(item));

function formatOne(type: string, schema: Schema): string {
  if (type === 'object') return formatObject(schema);
  if (type === 'array')
    return `${formatItem(schema.items ?? {})}[]${formatRange(schema.minItems, schema.maxItems)}`;
  if (type === 'string') return formatString(schema);
  if (type === 'number' || type === 'integer') return formatNumber(type, schema);
  return type;
}

function formatType(schema: Schema): string {
  const name = getRefName(schema);
  if (name !== undefined) return name;
  const values = schema.const === undefined ? schema.enum : [schema.const];
  if (values) return values.map((value) => JSON.stringify(value)?.replaceAll('"', '') ?? '').join(' | ');
  if (schema.allOf) return schema.allOf.map(formatSchema).join(' & ');
  const variants = variantsOf(schema);
  if (variants) return variants.map(formatSchema).join(' | ');
  const types = [schema.type ?? 'any'].flat();
  return types.map((type) => formatOne(type, schema)).join(' | ');
}

/**
 * A schema as one reads a type: `string(1..255)`, `open | closed`, `Room[](..20)`, `{ id: string; name?: string }`.
 * Descriptions and examples are left out.
 */
export function formatSchema(schema: Schema): string {
  const text = formatType(schema);
  return schema.default === undefined ? text : `${text} = ${JSON.stringify(schema.default)}`;
}
