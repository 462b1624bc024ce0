import { describe, expect, it, vi } from 'vitest';
import { compileWords, findPhrases, wordsOf } from '../../../src/realtime/text-rules/index.ts';

const words = compileWords([
  ['blockhead', 'empty head', 'Straße', '笨蛋', 'evil.example'],
  ['head', 'blockhead'],
]);
const found = (text: string) => findPhrases(words, text).map(({ list, phrase }) => `${list} ${phrase}`);

describe('words of rules', () => {
  it.each([
    ['You Blockhead!', ['0 blockhead', '1 blockhead']],
    ['bl\u00F6ckh\u00E9ad', ['0 blockhead', '1 blockhead']],
    ['block\u200Bhe\u00ADad', ['0 blockhead', '1 blockhead']],
    ['\u{1D401}lockhead', ['0 blockhead', '1 blockhead']],
    ['ｂｌｏｃｋｈｅａｄ', ['0 blockhead', '1 blockhead']],
    ['an EMPTY, (head)', ['0 empty head', '1 head']],
    ['STRASSE', ['0 strasse']],
    ['你是笨蛋吗', ['0 笨 蛋']],
    ['see https://evil.example/x', ['0 evil example']],
  ])('are found as a reader sees them: %s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it.each(['blockheads', 'ahead', 'empty the heads', 'strass', '笨的蛋', ''])(
    'are whole words and phrases: not in %j',
    (text) => {
      expect(found(text)).toEqual([]);
    },
  );

  it.each([
    ['variation selectors', [0xe0100, 0xe01ef, 0xfe00, 0xfe0f, 0x180b, 0x180d]],
    ['fillers', [0x115f, 0x1160, 0x3164, 0xffa0, 0x17b4, 0x17b5]],
    ['accents', [0x0301, 0x0483, 0x0489, 0x1ab0, 0x1aff, 0x1dc0, 0x1dff, 0x20d0, 0x20f0, 0xfe20, 0xfe2f]],
    ['marks of other scripts', [0x0941, 0x064e, 0x0e34, 0x3099]],
  ])('are found with %s in between', (_name, codes) => {
    const missed = codes.filter(
      (code) => found(`bloc${String.fromCodePoint(0x200d, 0x0301, code)}khead`).length < 2,
    );
    expect(missed).toEqual([]);
  });

  it('differ by the marks of other scripts', () => {
    expect(findPhrases(compileWords([['かき']]), 'がき')).toEqual([]);
  });

  it('a character that stands for a whole phrase is compared as one', () => {
    expect(wordsOf('\uFDFA '.repeat(100))).toHaveLength(100);
  });

  it('keep the marks that make another word in other scripts', () => {
    const hindi = compileWords([['कि']]);
    expect(findPhrases(hindi, 'की')).toEqual([]);
    expect(findPhrases(hindi, 'कि')).toHaveLength(1);
  });

  it('are looked up once for each word of a text, whatever the lengths of the phrases are', () => {
    const lengths = Array.from({ length: 10 }, (_each, n) => `${'x '.repeat(n)}y`);
    const ten = compileWords([lengths]);
    const lookups = vi.spyOn(Map.prototype, 'get');
    expect(findPhrases(ten, 'a '.repeat(2_000))).toEqual([]);
    const count = lookups.mock.calls.length;
    lookups.mockRestore();
    expect(count).toBeLessThan(2_100);
  });

  it('of phrases that begin alike, each is looked up: the longest text has one answer for each list', () => {
    const alike = compileWords([Array.from({ length: 2_000 }, (_each, n) => `a a a a a a a a a b${n}`)]);
    expect(findPhrases(alike, `${'a '.repeat(1_990)}b7`)).toEqual([
      { list: 0, phrase: 'a a a a a a a a a b7' },
    ]);
  });
});
