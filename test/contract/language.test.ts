import { describe, expect, it } from 'vitest';
import { routes } from '../../workers/http.ts';
import { buildDocument, listEndpoints, listSchemas } from './api/document.ts';
import { findLongSentences, findSharedSummaries, findUnsaid, MAX_SENTENCE_WORDS } from './api/language.ts';
import { buildMessages } from './api/messages.ts';
import { WORD_EXCEPTIONS } from './words/exceptions.ts';
import { findBannedWords, formatWordUse } from './words/find-banned-words.ts';

/** Each is compared, printed or a text; one that is not here could be broken unseen. */
const KNOWN_KEYWORDS = new Set(
  `$ref type format enum const pattern default properties required additionalProperties items anyOf oneOf allOf
   discriminator minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength minItems maxItems
   description example`.split(/\s+/),
);

const document = buildDocument();
const descriptions = new Map(routes.map(({ operationId, description }) => [operationId, description]));
const endpoints = listEndpoints(document);
const byTag = Map.groupBy(endpoints, ({ operation }) => operation.tags[0]);

function listUnsaid(tag: string): string[] {
  const seen = new Set<string>();
  return (byTag.get(tag) ?? []).flatMap(({ operation }) =>
    findUnsaid(operation, descriptions.get(operation.operationId), document, seen),
  );
}

describe('the API reference', () => {
  it.each([...byTag.keys()])(
    'says in two to five words what each operation of %s does, and describes it and each of its fields',
    (tag) => {
      expect(listUnsaid(tag)).toEqual([]);
    },
  );

  it('names each operation differently', () => {
    expect(findSharedSummaries(endpoints.map(({ operation }) => operation))).toEqual([]);
  });

  it(`describes in sentences of at most ${MAX_SENTENCE_WORDS} words`, () => {
    expect(findLongSentences([document, buildMessages()])).toEqual([]);
  });

  it('consists of what the checks of the contract understand', () => {
    const keywords = new Set(listSchemas(document).flatMap((schema) => Object.keys(schema)));
    expect([...keywords].filter((keyword) => !KNOWN_KEYWORDS.has(keyword))).toEqual([]);
  });

  it('uses the words of the glossary, also where a sentence is put together', () => {
    const uses = findBannedWords('openapi.json', JSON.stringify(document, null, 1));
    const wrong = uses.filter(
      ({ path, word }) => !WORD_EXCEPTIONS.some((each) => each.word === word.word && each.path === path),
    );
    expect(wrong.map(formatWordUse)).toEqual([]);
  });
});
