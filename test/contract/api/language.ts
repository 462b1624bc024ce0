import {
  getRefName,
  type OpenApiDocument,
  type OpenApiOperation,
  type Schema,
  variantsOf,
} from './document.ts';

/** Two to five words, without a full stop: "Create a room". */
function checkSummary({ operationId, summary }: OpenApiOperation): string[] {
  const words = summary.split(/\s+/).length;
  return words >= 2 && words <= 5 && !/[.;,]/.test(summary) ? [] : [`${operationId}: summary "${summary}"`];
}

/** Every field below a schema that nothing describes: neither its own description nor that of the component it refers to. */
function findUndescribed(
  path: string,
  schema: Schema,
  components: Record<string, Schema>,
  seen: Set<string>,
): string[] {
  const name = getRefName(schema);
  if (name !== undefined) {
    if (seen.has(name)) return [];
    seen.add(name);
    return findUndescribed(name, components[name]!, components, seen);
  }
  const fields = Object.entries(schema.properties ?? {}).flatMap(([field, inner]) => {
    const described = isDescribed(inner, components) ? [] : [`${path}.${field}`];
    return [...described, ...findUndescribed(`${path}.${field}`, inner, components, seen)];
  });
  const { items, additionalProperties, allOf = [] } = schema;
  const parts = [
    items,
    typeof additionalProperties === 'object' ? additionalProperties : undefined,
    ...(variantsOf(schema) ?? []),
    ...allOf,
  ];
  return [...fields, ...parts.flatMap((part) => (part ? findUndescribed(path, part, components, seen) : []))];
}

const isDescribed = (schema: Schema, components: Record<string, Schema>): boolean => {
  const name = getRefName(schema);
  return [schema, ...(name === undefined ? [] : [components[name]!]), ...(schema.allOf ?? [])].some(
    ({ description }) => description !== undefined && description.trim() !== '',
  );
};

/** What the reference leaves unsaid about an operation, one line each. */
export function findUnsaid(
  operation: OpenApiOperation,
  description: string | undefined,
  { components: { schemas } }: OpenApiDocument,
  seen: Set<string>,
): string[] {
  const { operationId, parameters = [], requestBody, responses } = operation;
  const contents = [
    ['body', requestBody?.content] as const,
    ...Object.entries(responses).map(([status, { content }]) => [status, content] as const),
  ];
  return [
    ...checkSummary(operation),
    ...(description ? [] : [`${operationId}: no description`]),
    ...parameters
      .filter((parameter) => !parameter.description && !isDescribed(parameter.schema, schemas))
      .map(({ in: place, name }) => `${operationId}: ${place} ${name}`),
    ...contents.flatMap(([part, content]) =>
      Object.values(content ?? {}).flatMap(({ schema }) =>
        findUndescribed(`${operationId}: ${part}`, schema, schemas, seen),
      ),
    ),
  ];
}

/** Between two sentences, two lines, or two codes of a list. */
const SENTENCE_END = /(?<=[.!?])\s+|\n+|;\s+(?=`)/;
/** The most words of a sentence that is understood at the first reading. */
export const MAX_SENTENCE_WORDS = 30;

/** Sentences with more words, of all descriptions inside of some documents. */
export function findLongSentences(documents: readonly unknown[]): string[] {
  const descriptions = new Set<string>();
  JSON.stringify(documents, (key, value: unknown) => {
    if (key === 'description' && typeof value === 'string') descriptions.add(value);
    return value;
  });
  return [...descriptions]
    .flatMap((text) => text.split(SENTENCE_END))
    .filter((sentence) => sentence.trim().split(/\s+/).length > MAX_SENTENCE_WORDS);
}

/** Summaries that several operations share, with the ids of the operations. */
export function findSharedSummaries(operations: readonly OpenApiOperation[]): string[] {
  return [...Map.groupBy(operations, ({ summary }) => summary.toLowerCase())]
    .filter(([, sharing]) => sharing.length > 1)
    .map(([summary, sharing]) => `"${summary}": ${sharing.map(({ operationId }) => operationId).join(', ')}`);
}
