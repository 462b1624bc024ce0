import type { FieldError } from './errors.ts';

/** More than any schema of the API nests, and far below the depth at which recursion overflows the stack. */
const MAX_DEPTH = 32;

const isStorableText = (text: string) => !text.includes('\u0000') && text.isWellFormed();

/** The first characters of a text, at most `max` UTF-16 units; a character that would be cut in two is left out. */
export function cutText(text: string, max: number): string {
  const cut = text.slice(0, max);
  return cut.isWellFormed() ? cut : cut.replace(/[\uD800-\uDBFF]$/, '');
}

export const escapePointer = (part: PropertyKey) => String(part).replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * Finds what schemas do not check and PostgreSQL refuses: NUL and lone surrogates in strings and property names, and
 * nesting deeper than 32 levels. Empty when the value can be stored.
 */
export function findUnstorableParts(value: unknown, pointer: string, depth = 0): FieldError[] {
  if (typeof value === 'string')
    return isStorableText(value)
      ? []
      : [{ pointer: pointer || '/', message: 'contains an invalid character' }];
  if (value === null || typeof value !== 'object') return [];
  if (depth === MAX_DEPTH) return [{ pointer, message: `is nested more than ${MAX_DEPTH} levels deep` }];
  return Object.entries(value).flatMap(([name, nested]) =>
    isStorableText(name)
      ? findUnstorableParts(nested, `${pointer}/${escapePointer(name)}`, depth + 1)
      : [{ pointer: pointer || '/', message: 'has a field name with an invalid character' }],
  );
}
