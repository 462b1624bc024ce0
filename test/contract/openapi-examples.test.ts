import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { buildDocument, listEndpoints, type Schema } from './api/document.ts';

const document = buildDocument();

interface Example {
  where: string;
  /** JSON pointer of the schema within the document. */
  schema: string;
  example: unknown;
}

const escape = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1');

/** Every example of a body, with the schema that it is an example of. */
function listExamples(): Example[] {
  return listEndpoints(document).flatMap(({ method, path, operation }) => {
    const base = `#/paths/${escape(path)}/${method.toLowerCase()}`;
    const bodies = [
      ['requestBody', operation.requestBody?.content] as const,
      ...Object.entries(operation.responses).map(
        ([status, { content }]) => [`responses/${status}`, content] as const,
      ),
    ];
    return bodies.flatMap(([place, content]) =>
      Object.entries(content ?? {})
        .filter(([, media]) => 'example' in media)
        .map(([type, media]) => ({
          where: `${operation.operationId} ${place} ${type}`,
          schema: `${base}/${place}/content/${escape(type)}/schema`,
          example: (media as { example?: unknown }).example,
        })),
    );
  });
}

const validator = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
validator.addSchema(document, 'https://auralink.test/openapi.json');

/** Every pattern in the document, wherever it stands. */
function listPatterns(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [];
  const own = (value as Schema).pattern;
  return [...(typeof own === 'string' ? [own] : []), ...Object.values(value).flatMap(listPatterns)];
}

describe('the OpenAPI document', () => {
  it.each(listExamples().map((each) => [each.where, each] as const))(
    'has an example that its own schema accepts: %s',
    (_where, { schema, example }) => {
      const validate = validator.compile({ $ref: `https://auralink.test/openapi.json${encodeURI(schema)}` });
      validate(example);
      expect(validate.errors ?? []).toEqual([]);
    },
  );

  it('has patterns, each an expression without delimiters and flags, which any validator reads', () => {
    const patterns = [...new Set(listPatterns(document))];
    expect(patterns.length).toBeGreaterThan(3);
    expect(patterns.filter((pattern) => /^\/|\/[a-z]*$/.test(pattern))).toEqual([]);
    for (const pattern of patterns) expect(() => new RegExp(pattern, 'u')).not.toThrow();
  });

  it.each(
    listEndpoints(document).flatMap(({ operation }) =>
      operation.requestBody ? [[operation.operationId, operation] as const] : [],
    ),
  )('says that a body is required exactly where a field is: %s', (_name, { requestBody }) => {
    const [[type, media]] = Object.entries(requestBody!.content) as [[string, { schema: Schema }]];
    if (type !== 'application/json') return;
    const name = media.schema.$ref?.split('/').at(-1);
    const schema = name === undefined ? media.schema : document.components.schemas[name]!;
    if ((schema.required ?? []).length > 0) expect(requestBody!.required).toBe(true);
  });
});
