/** A term of an organization, with its translation. */
export interface GlossaryTerm {
  term: string;
  translation: string;
}

/** Engines leave unknown words unchanged. */
const MARK = /xq(\d+)x/gi;
const markOf = (index: number) => `Xq${index}x`;

const escape = (text: string) => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);

/** A text whose terms are replaced by marks. */
export interface MarkedText {
  text: string;
  /** The translation for each mark. */
  translations: readonly string[];
}

/** Replaces whole words and phrases of the glossary by marks, the longest first; case does not matter. */
export function markTerms(text: string, terms: readonly GlossaryTerm[]): MarkedText {
  if (terms.length === 0 || text.search(MARK) >= 0) return { text, translations: [] };
  const known = new Map(terms.map(({ term, translation }) => [term.toLowerCase(), translation]));
  const longestFirst = [...known.keys()].toSorted((a, b) => b.length - a.length).map(escape);
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${longestFirst.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
  const translations: string[] = [];
  const marked = text.replaceAll(pattern, (found) => {
    const translation = known.get(found.toLowerCase());
    return translation === undefined ? found : markOf(translations.push(translation) - 1);
  });
  return { text: marked, translations };
}

/** Replaces the marks in the translation; null when the engine has lost or doubled one. */
export function replaceMarks(translated: string, { translations }: MarkedText): string | null {
  if (translations.length === 0) return translated;
  const found = [...translated.matchAll(MARK)].map(([, index]) => Number(index));
  const isWhole =
    found.length === translations.length &&
    translations.every((_translation, index) => found.includes(index));
  return isWhole ? translated.replaceAll(MARK, (_mark, index: string) => translations[Number(index)]!) : null;
}
