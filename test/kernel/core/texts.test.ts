import { describe, expect, it } from 'vitest';
import { lineSchema, linesOrEmptySchema, linesSchema } from '../../../src/kernel/core/index.ts';

const line = lineSchema(20);
const lines = linesSchema(40);
const messageOf = (schema: typeof line, text: string) => schema.safeParse(text).error?.issues[0]?.message;

describe('a text that shows nothing', () => {
  it.each([
    ['a zero-width space', '\u200B'],
    ['a Hangul filler', '\u3164'],
    ['an empty Braille pattern', '\u2800'],
    ['a word joiner', '\u2060'],
    ['a no-break space and an ideographic one', '\u00A0\u3000'],
    ['a combining mark without a base', '\u0301'],
    ['joiners', '\u200D\u200C'],
    ['a variation selector', '\uFE0F'],
    ['tags', '\u{E0041}\u{E0042}'],
    ['a null note head', '\u{1D159}'],
    ['an Egyptian blank', '\u{13441}'],
    ['marks of direction', '\u200E\u200F\u061C'],
  ])('is refused: %s', (_name, text) => {
    expect(messageOf(line, text)).toBe(
      text.trim() === '' ? 'must not be empty' : 'must contain a visible character',
    );
    expect(lines.safeParse(`\n${text}\n`).success).toBe(false);
  });

  it('is refused where a text may be empty, unless it is blank', () => {
    expect(linesOrEmptySchema(40).safeParse('\u200B').success).toBe(false);
    expect(linesOrEmptySchema(40).parse(' \n\t ')).toBe('');
  });
});

describe('a text of any script', () => {
  it.each([
    ['an emoji sequence with joiners', '👩\u200D👩\u200D👧\uFE0F'],
    ['a flag made of tags', '\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}'],
    ['a Persian word with a non-joiner', 'می\u200Cخواهم'],
    ['an Arabic name with a mark of direction', 'علي\u200F (2)'],
    ['a Hindi conjunct', 'क्\u200Dष'],
    ['a Thai name with marks', 'น้ำผึ้ง'],
    ['a character that is newer than any table', '\u{1FAFF}'],
    ['a digit', '0'],
  ])('stays as it is: %s', (_name, text) => {
    expect(line.parse(text)).toBe(text);
    expect(lines.parse(text)).toBe(text);
  });
});

describe('a line', () => {
  it('has no line breaks and tabs: they become one space', () => {
    expect(line.parse('Ada\r\n\tLovelace\u2028X')).toBe('Ada Lovelace X');
    expect(line.parse('Ada\u00A0Lovelace')).toBe('Ada\u00A0Lovelace');
  });

  it('loses controls, overrides, embeddings and isolates of the direction', () => {
    expect(line.parse('\u202EAda\u202C\u2066\u2069\u0007\u001B\u009B\uFEFF')).toBe('Ada');
  });

  it('is NFC, so that equal names are equal, and is counted after that', () => {
    expect(line.parse('Zoe\u0308')).toBe('Zo\u00EB');
    expect(line.parse('e\u0301'.repeat(20))).toHaveLength(20);
    expect(messageOf(line, 'a'.repeat(21))).toBe('must have at most 20 characters');
  });

  it('is refused when a database cannot store it', () => {
    for (const text of ['A\0', 'A\uD800']) expect(line.safeParse(text).success).toBe(false);
  });

  it('is cleaned in time that grows with its length only', () => {
    const usedBefore = process.cpuUsage();
    line.safeParse(`${' '.repeat(200_000)}x${'\t'.repeat(200_000)}x`);
    const { user } = process.cpuUsage(usedBefore);
    expect(user).toBeLessThan(1_000_000);
  });
});

describe('lines', () => {
  it('keep line breaks and tabs, and end with LF', () => {
    expect(lines.parse(' if x:\r\n\treturn\u2028end\r')).toBe('if x:\n\treturn\nend');
  });
});
