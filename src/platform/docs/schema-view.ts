import { html, type Html, inline } from './html.ts';
import type { Schema } from './openapi-types.ts';

const nameOf = (ref: string) => ref.slice(ref.lastIndexOf('/') + 1);
const code = (value: unknown): Html => html`<code>${JSON.stringify(value)}</code>`;

function joined(parts: Html[], between: string): Html {
  return html`${parts.map((part, index) => (index === 0 ? part : html`${between}${part}`))}`;
}

/** What a value is, in a line: `string (date-time)`, `array of Organization`, `"a" or "b"`. */
export function typeOf(schema: Schema): Html {
  if (schema.$ref) return html`<a href="#schema-${nameOf(schema.$ref)}">${nameOf(schema.$ref)}</a>`;
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return joined(schema.enum.map(code), ' or ');
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return joined(variants.map(typeOf), ' or ');
  if (schema.allOf) return joined(schema.allOf.map(typeOf), ' and ');
  const types = [schema.type ?? 'any'].flat();
  const described = types.map((type) => {
    if (type === 'array' && schema.items) return html`array of ${typeOf(schema.items)}`;
    const map = type === 'object' && !schema.properties && typeof schema.additionalProperties === 'object';
    if (map) return html`map of ${typeOf(schema.additionalProperties as Schema)}`;
    return schema.format ? html`${type} (${schema.format})` : html`${type}`;
  });
  return joined(described, ' or ');
}

/** The bounds of a value, in words; nothing where it has none. */
function boundsOf(schema: Schema): string {
  const range = (low: number | undefined, high: number | undefined, unit: string) => {
    if (low === undefined && high === undefined) return [];
    if (high === undefined) return [`at least ${low}${unit}`];
    return [low === undefined ? `at most ${high}${unit}` : `${low} to ${high}${unit}`];
  };
  return [
    ...range(schema.minLength, schema.maxLength, ' characters'),
    ...range(schema.minimum ?? schema.exclusiveMinimum, schema.maximum, ''),
    ...range(schema.minItems, schema.maxItems, ' items'),
    ...(schema.default === undefined ? [] : [`default ${JSON.stringify(schema.default)}`]),
    ...(typeof schema.example === 'string' ? [`for example ${schema.example}`] : []),
  ].join('; ');
}

export function notesOf(schema: Schema): Html {
  const bounds = boundsOf(schema);
  return html`${schema.description && inline(schema.description)}
  ${bounds && html`<span class="soft">${bounds}</span>`}`;
}

/** The objects directly inside a value, which are shown as rows of their own. */
function insideOf(schema: Schema): Schema | undefined {
  if (schema.properties) return schema;
  if (schema.items?.properties) return schema.items;
  return (schema.anyOf ?? schema.oneOf)?.find((variant) => variant.properties);
}

const MAX_DEPTH = 4;

function rowsOf(schema: Schema, prefix: string, depth: number): Html[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const inside = depth < MAX_DEPTH ? insideOf(property) : undefined;
    const path = `${prefix}${name}`;
    const list = property.type === 'array' ? '[]' : '';
    return [
      html`<tr>
        <td><code>${path}</code></td>
        <td>${typeOf(property)}</td>
        <td>${required.has(name) ? 'yes' : html`<span class="soft">no</span>`}</td>
        <td>${notesOf(property)}</td>
      </tr> `,
      ...(inside ? rowsOf(inside, `${path}${list}.`, depth + 1) : []),
    ];
  });
}

/** A schema as a table of its fields, or as its type where it has none. */
export function schemaView(schema: Schema): Html {
  const inside = insideOf(schema);
  if (!inside) return html`<p>${typeOf(schema)} ${notesOf(schema)}</p>`;
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Type</th>
          <th scope="col">Required</th>
          <th scope="col">Meaning</th>
        </tr>
      </thead>
      <tbody>
        ${rowsOf(inside, '', 0)}
      </tbody>
    </table>
  </div>`;
}
