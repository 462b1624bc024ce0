import { html, type Html } from '../http/index.ts';
import { renderInlineCode } from './html.ts';
import type { OpenApiSchema } from './openapi-types.ts';

const schemaName = (ref: string) => ref.slice(ref.lastIndexOf('/') + 1);
const renderCode = (value: unknown): Html => html`<code>${JSON.stringify(value)}</code>`;

function joinHtml(parts: Html[], separator: string): Html {
  return html`${parts.map((part, index) => (index === 0 ? part : html`${separator}${part}`))}`;
}

/** Renders a type in one line: `string (date-time)`, `array of Organization`, `"a" or "b"`. */
export function renderType(schema: OpenApiSchema): Html {
  if (schema.$ref) return html`<a href="#schema-${schemaName(schema.$ref)}">${schemaName(schema.$ref)}</a>`;
  if (schema.const !== undefined) return renderCode(schema.const);
  if (schema.enum) return joinHtml(schema.enum.map(renderCode), ' or ');
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return joinHtml(variants.map(renderType), ' or ');
  if (schema.allOf) return joinHtml(schema.allOf.map(renderType), ' and ');
  const types = [schema.type ?? 'any'].flat();
  const renderedTypes = types.map((type) => {
    if (type === 'array' && schema.items) return html`array of ${renderType(schema.items)}`;
    const map = type === 'object' && !schema.properties && typeof schema.additionalProperties === 'object';
    if (map) return html`map of ${renderType(schema.additionalProperties as OpenApiSchema)}`;
    return schema.format ? html`${type} (${schema.format})` : html`${type}`;
  });
  return joinHtml(renderedTypes, ' or ');
}

/** Describes the bounds of a value in words; empty when it has none. */
function describeBounds(schema: OpenApiSchema): string {
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

export function renderNotes(schema: OpenApiSchema): Html {
  const bounds = describeBounds(schema);
  return html`${schema.description && renderInlineCode(schema.description)}
  ${bounds && html`<span class="soft">${bounds}</span>`}`;
}

/** The schema of the object or the items inside a value, whose fields become rows of their own. */
function findObjectSchema(schema: OpenApiSchema): OpenApiSchema | undefined {
  if (schema.properties) return schema;
  if (schema.items?.properties) return schema.items;
  return (schema.anyOf ?? schema.oneOf)?.find((variant) => variant.properties);
}

const MAX_DEPTH = 4;

function renderRows(schema: OpenApiSchema, prefix: string, depth: number): Html[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const objectSchema = depth < MAX_DEPTH ? findObjectSchema(property) : undefined;
    const path = `${prefix}${name}`;
    const list = property.type === 'array' ? '[]' : '';
    return [
      html`<tr>
        <td><code>${path}</code></td>
        <td>${renderType(property)}</td>
        <td>${required.has(name) ? 'yes' : html`<span class="soft">no</span>`}</td>
        <td>${renderNotes(property)}</td>
      </tr> `,
      ...(objectSchema ? renderRows(objectSchema, `${path}${list}.`, depth + 1) : []),
    ];
  });
}

/** Renders a schema as a table of its fields, or as its type when it has none. */
export function renderSchema(schema: OpenApiSchema): Html {
  const objectSchema = findObjectSchema(schema);
  if (!objectSchema) return html`<p>${renderType(schema)} ${renderNotes(schema)}</p>`;
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
        ${renderRows(objectSchema, '', 0)}
      </tbody>
    </table>
  </div>`;
}
