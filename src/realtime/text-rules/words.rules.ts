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

/** Phrases that begin with the same words, by the word that is next. */
interface PhraseNode {
  next: Map<string, PhraseNode>;
  /** The lists that have the phrase that ends here. */
  lists: number[];
}

/** Words and phrases, ready to be looked for: those of each list, by its number. */
export type CompiledWords = Readonly<PhraseNode>;

/** What was found: a list, and the first of its phrases that the text has. */
export interface FoundPhrase {
  list: number;
  phrase: string;
}

const newNode = (): PhraseNode => ({ next: new Map(), lists: [] });

export function compileWords(lists: readonly (readonly string[])[]): CompiledWords {
  const root = newNode();
  for (const [list, phrases] of lists.entries())
    for (const phrase of phrases) {
      let node = root;
      for (const word of wordsOf(phrase)) {
        const known = node.next.get(word) ?? newNode();
        node.next.set(word, known);
        node = known;
      }
      if (node !== root && !node.lists.includes(list)) node.lists.push(list);
    }
  return root;
}

/**
 * The lists of which a text has a phrase. It takes time by the length of the text alone: from each word on, it is followed as long as some
 * phrase begins like it, however many there are.
 */
export function findPhrases(root: CompiledWords, text: string): FoundPhrase[] {
  if (root.next.size === 0) return [];
  const words = wordsOf(text);
  const found = new Map<number, string>();
  for (let from = 0; from < words.length; from++) {
    let node: PhraseNode | undefined = root.next.get(words[from]!);
    for (let to = from + 1; node; node = node.next.get(words[to++]!))
      for (const list of node.lists) if (!found.has(list)) found.set(list, words.slice(from, to).join(' '));
  }
  return [...found].map(([list, phrase]) => ({ list, phrase })).toSorted((a, b) => a.list - b.list);
}
