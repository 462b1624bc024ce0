const MAX_CHARACTERS = 80;

/** What mail programs make links of: a scheme, a domain, an address; also with the dots of other scripts. */
const LINK_MARKS = /[.:@\u3002\uFF0E\uFF61](?=\S)/gu;

/**
 * Text that a user chose, such as a name, for the content of a mail: at most 80 characters, and a space after each mark that
 * would make a link of it (`evil.example` becomes `evil. example`).
 */
export function toDisplayText(text: string): string {
  return text.slice(0, MAX_CHARACTERS).replaceAll(LINK_MARKS, '$& ');
}
