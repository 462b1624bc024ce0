/** Scripts that are written without spaces: each of their characters counts as a word. */
const UNSPACED =
  '[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}]';
const WORDS = new RegExp(`${UNSPACED}\\p{M}*|[[\\p{L}\\p{N}\\p{M}]--${UNSPACED}]+`, 'gv');
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;
/** Accents: the blocks of combining marks, and whatever stands on Latin, Greek or Cyrillic. Other marks make another word in their scripts. */
const ACCENTS =
  /(?<=[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}])\p{M}+|[\u0300-\u036F\u0483-\u0489\u1DC0-\u1DFF\u20D0-\u20F0\uFE20-\uFE2F\u1AB0-\u1AFF]/gu;
/** All but the two characters that stand for whole phrases: in their place eight and eighteen others would be compared. */
const DECOMPOSED = /[^\uFDFA\uFDFB]+/gu;

/**
 * The words of a text as rules compare them: without case, accents, punctuation, invisible characters, and other forms of the same
 * character (full width, ligatures, mathematical alphabets).
 */
export function wordsOf(text: string): string[] {
  const parts = text.replaceAll(DECOMPOSED, (part) => part.normalize('NFKD'));
  const plain = parts.replaceAll(INVISIBLE, '').replaceAll(ACCENTS, '');
  return plain.toUpperCase().toLowerCase().normalize('NFC').match(WORDS) ?? [];
}

/** Words and phrases, ready to be looked for: those of each list, by its number. */
export interface CompiledWords {
  lists: ReadonlyMap<string, readonly number[]>;
  /** How many words a phrase can have. */
  lengths: readonly number[];
}

/** What was found: a list, and the first of its phrases that the text has. */
export interface FoundPhrase {
  list: number;
  phrase: string;
}

export function compileWords(lists: readonly (readonly string[])[]): CompiledWords {
  const found = new Map<string, number[]>();
  const lengths = new Set<number>();
  for (const [list, phrases] of lists.entries())
    for (const phrase of phrases) {
      const words = wordsOf(phrase);
      if (words.length === 0) continue;
      lengths.add(words.length);
      const key = words.join(' ');
      found.set(key, [...new Set([...(found.get(key) ?? []), list])]);
    }
  return { lists: found, lengths: [...lengths] };
}

/** The lists of which a text has a phrase. It takes time by the length of the text alone: each place is looked up, nothing is searched. */
export function findPhrases({ lists, lengths }: CompiledWords, text: string): FoundPhrase[] {
  if (lists.size === 0) return [];
  const words = wordsOf(text);
  const found = new Map<number, string>();
  for (let at = 0; at < words.length; at++)
    for (const length of lengths) {
      if (at + length > words.length) continue;
      const phrase = words.slice(at, at + length).join(' ');
      for (const list of lists.get(phrase) ?? []) if (!found.has(list)) found.set(list, phrase);
    }
  return [...found].map(([list, phrase]) => ({ list, phrase })).toSorted((a, b) => a.list - b.list);
}
