import { cleanLine } from '../../kernel/core/index.ts';

const MAX_CHARACTERS = 80;

/** What mail programs make links of: a scheme, a domain, an address; also with the dots of other scripts. */
const LINK_MARKS = /[.:@\u3002\uFF0E\uFF61](?=\S)/gu;

/** Scripts that are written from right to left, by their blocks. */
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** What `<bdi>` is in markup: the text gets the direction of its own, and the text around it keeps its order. */
const isolate = (text: string) => `\u2068${text}\u2069`;

/**
 * Text that a user chose, such as a name, for the content of a mail: one line of at most 80 characters without controls and
 * overrides of the direction, isolated from the text around it when it is written from right to left, and with a space after
 * each mark that would make a link of it (`evil.example` becomes `evil. example`).
 */
export function toDisplayText(text: string): string {
  const shown = Array.from(cleanLine(text)).slice(0, MAX_CHARACTERS).join('').replaceAll(LINK_MARKS, '$& ');
  return RIGHT_TO_LEFT.test(shown) ? isolate(shown) : shown;
}
