import { BANNED_WORDS, type BannedWord } from './banned-words.ts';

/** A banned word in a file. */
export interface WordUse {
  path: string;
  /** From 1; 0 for the name of the file. */
  line: number;
  text: string;
  word: BannedWord;
}

/** Splits names into words, so that `toldState`, `told_state` and `told-state.ts` contain "told". */
const splitNames = (text: string) =>
  text.replaceAll(/([a-z\d])([A-Z])/g, '$1 $2').replaceAll(/(?<=[a-z\d])[_-](?=[a-z])/gi, ' ');

const isUsed = ({ pattern, allowed = [] }: BannedWord, text: string) => {
  const rest = allowed.reduce(
    (shortened, phrase) => shortened.replaceAll(new RegExp(phrase, 'gi'), ' '),
    text,
  );
  return pattern.test(splitNames(rest));
};

/** A line with the last word of the line before it, when it starts with the second word of a pattern. */
function joinPhrase(line: string, previous = ''): string {
  if (!/^[\s*/#>|'"`-]*(?:who|on|now|letters)\b/.test(line)) return line;
  return `${previous
    .replace(/[\s'"`+]+$/, '')
    .split(' ')
    .at(-1)!} ${line.replace(/^[\s*/#>|'"`-]*/, '')}`;
}

/** Every banned word in the path and the lines of a file. */
export function findBannedWords(path: string, text: string): WordUse[] {
  const wordsOfFile = BANNED_WORDS.filter(({ files }) => files === undefined || files.test(path));
  const lines = text.split('\n');
  return [path, ...lines.map((line, index) => joinPhrase(line, lines[index - 1]))].flatMap((each, line) =>
    wordsOfFile.filter((word) => isUsed(word, each)).map((word) => ({ path, line, text: each.trim(), word })),
  );
}

/** A use for a reader: where, which word, what to write instead. */
export const formatWordUse = ({ path, line, text, word }: WordUse) =>
  `${path}:${line} "${word.word}" (write: ${word.instead}; see CONTRIBUTING.md#words): ${text.slice(0, 160)}`;
