import { resolveSchema } from './baseline.ts';
import { getRefName, type Schema, variantsOf } from './document.ts';

/** A schema with the components that its references lead to. */
export interface Side {
  schema: Schema;
  schemas: Record<string, Schema>;
}

export interface Comparison {
  /**
   * Requests: what was valid must stay valid. Answers: what is valid now must have been valid, except that an answer may
   * have more properties and more values in an enumeration.
   */
  direction: 'request' | 'answer';
  path: string;
  /** Pairs of references that are being compared already: schemas may be recursive. */
  seen: ReadonlySet<string>;
}

const listTypes = ({ type, enum: values }: Schema): string[] => {
  if (type !== undefined) return [type].flat();
  return [...new Set((values ?? []).map((value) => (value === null ? 'null' : typeof value)))];
};

const isAdmitted = (type: string, types: readonly string[]) =>
  types.includes(type) || (type === 'integer' && types.includes('number'));

const MINIMA = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'] as const;
const MAXIMA = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'] as const;
const FORMS = ['format', 'pattern'] as const;

type Direction = Comparison['direction'];

const show = (value: unknown) => (value === undefined ? 'none' : JSON.stringify(value));

/** `maxLength 255 → 100`: what was first, whichever side it is. */
const formatChange = (direction: Direction, what: string, from: unknown, to: unknown): string =>
  direction === 'request' ? `${what} ${show(from)} → ${show(to)}` : `${what} ${show(to)} → ${show(from)}`;

const isTighterMinimum = (key: string, from: number | undefined, to: number | undefined) =>
  to !== undefined &&
  to > (from ?? (key.startsWith('min') && key !== 'minimum' ? 0 : Number.NEGATIVE_INFINITY));
const isTighterMaximum = (from: number | undefined, to: number | undefined) =>
  to !== undefined && to < (from ?? Number.POSITIVE_INFINITY);

/** The bounds and forms that `to` sets and `from` did not. */
function compareKeywords(from: Schema, to: Schema, direction: Direction): string[] {
  const tighter = [
    ...MINIMA.filter((key) => isTighterMinimum(key, from[key], to[key])),
    ...MAXIMA.filter((key) => isTighterMaximum(from[key], to[key])),
    ...FORMS.filter((key) => to[key] !== undefined && to[key] !== from[key]),
  ];
  return tighter.map((key) => formatChange(direction, key, from[key], to[key]));
}

function compareValues(from: Schema, to: Schema, direction: Direction): string[] {
  const [types, admitted] = [listTypes(from), listTypes(to)];
  const isWider = types.length === 0 || types.some((type) => !isAdmitted(type, admitted));
  if (admitted.length > 0 && isWider) return [formatChange(direction, 'type', types, admitted)];
  const mayGrow = direction === 'answer' && from.enum !== undefined;
  if (!to.enum || mayGrow || from.enum?.every((value) => to.enum!.includes(value))) return [];
  return [formatChange(direction, 'values', from.enum, to.enum)];
}

/** Whether a value of the schema can be an object: the `null` of a nullable reference cannot. */
const mayBeObject = (schema: Schema) =>
  listTypes(schema).length === 0 || listTypes(schema).includes('object');

function compareObjects(from: Side, to: Side, comparison: Comparison): string[] {
  const { direction, path } = comparison;
  const [{ schema: a }, { schema: b }] = [from, to];
  if (!mayBeObject(a)) return [];
  const found: string[] = [];
  for (const [name, schema] of Object.entries(a.properties ?? {})) {
    const other = b.properties?.[name];
    const at = `${path}.${name}`;
    if (other)
      found.push(
        ...compareSchemas({ ...from, schema }, { ...to, schema: other }, { ...comparison, path: at }),
      );
    else if (direction === 'request' && b.additionalProperties === false)
      found.push(`${at}: is not a known field`);
  }
  if (direction === 'answer')
    for (const name of Object.keys(b.properties ?? {}))
      if (!a.properties?.[name] && typeof a.additionalProperties !== 'object')
        found.push(`${path}.${name}: is not answered any more`);
  for (const name of b.required ?? [])
    if (!a.required?.includes(name) && (direction === 'request' || a.properties?.[name]))
      found.push(`${path}.${name}: ${direction === 'request' ? 'is required' : 'may be absent'}`);
  if (typeof a.additionalProperties === 'object' && typeof b.additionalProperties === 'object')
    found.push(
      ...compareSchemas(
        { ...from, schema: a.additionalProperties },
        { ...to, schema: b.additionalProperties },
        { ...comparison, path: `${path}[key]` },
      ),
    );
  return found;
}

/** The alternatives of a schema; one without is its only one. */
const listVariants = (side: Side): Side[] =>
  (variantsOf(side.schema) ?? [side.schema]).map((schema) => ({
    ...side,
    schema: resolveSchema(schema, side.schemas),
  }));

const valueOf = ({ schema }: Side, field: string): unknown => schema.properties?.[field]?.enum?.[0];

/** The field that has another value in each of the alternatives, as `type` or `kind`. */
function findTag(variants: readonly Side[]): string | undefined {
  return Object.keys(variants[0]?.schema.properties ?? {}).find((field) => {
    const isOne = variants.every(({ schema }) => schema.properties?.[field]?.enum?.length === 1);
    return isOne && new Set(variants.map((each) => valueOf(each, field))).size === variants.length;
  });
}

/** Alternatives with a tag are compared by its values: an answer may have more of them, a request must take all. */
function compareTagged(tag: string, from: Side[], to: Side[], comparison: Comparison): string[] {
  return from.flatMap((variant) => {
    const value = valueOf(variant, tag);
    const target = to.find((each) => valueOf(each, tag) === value);
    const path = `${comparison.path}(${tag} ${String(value)})`;
    if (target) return compareSchemas(variant, target, { ...comparison, path });
    return comparison.direction === 'request' ? [`${path}: is not taken`] : [];
  });
}

function compareVariants(from: Side, to: Side, comparison: Comparison): string[] {
  const [sources, targets] = [listVariants(from), listVariants(to)];
  const tag = findTag(sources);
  if (tag !== undefined && sources.length > 1 && tag === findTag(targets))
    return compareTagged(tag, sources, targets, comparison);
  return sources.flatMap((variant) => {
    const attempts = targets.map((target) => compareSchemas(variant, target, comparison));
    return attempts.toSorted((a, b) => a.length - b.length)[0] ?? [];
  });
}

/** Where `to` refuses something that `from` admits, one line each. For answers, `from` is the newer side. */
export function compareSchemas(from: Side, to: Side, comparison: Comparison): string[] {
  const names = `${getRefName(from.schema)} ${getRefName(to.schema)}`;
  const isReference = from.schema.$ref !== undefined && to.schema.$ref !== undefined;
  if (isReference && comparison.seen.has(names)) return [];
  const seen = isReference ? new Set([...comparison.seen, names]) : comparison.seen;
  const inner = { ...comparison, seen };
  const a = { ...from, schema: resolveSchema(from.schema, from.schemas) };
  const b = { ...to, schema: resolveSchema(to.schema, to.schemas) };
  if (variantsOf(a.schema) || variantsOf(b.schema)) return compareVariants(a, b, inner);
  const own = [
    ...compareValues(a.schema, b.schema, comparison.direction),
    ...compareKeywords(a.schema, b.schema, comparison.direction),
  ].map((problem) => `${comparison.path}: ${problem}`);
  const items =
    a.schema.items && b.schema.items
      ? compareSchemas(
          { ...a, schema: a.schema.items },
          { ...b, schema: b.schema.items },
          { ...inner, path: `${comparison.path}[]` },
        )
      : [];
  return [...own, ...items, ...compareObjects(a, b, inner)];
}
