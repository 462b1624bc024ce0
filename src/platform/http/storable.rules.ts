import type { FieldError } from '../../kernel/core/index.ts';

/** Deeper than any body of ours, and far from what a recursive reader could not bear. */
const MAX_DEPTH = 32;

const isStorableText = (text: string) => !text.includes('\u0000') && text.isWellFormed();

export const escapePointer = (part: PropertyKey) => String(part).replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * What no schema asks about and no database takes: NUL and halves of surrogate pairs in texts and names, and nesting
 * without end. Empty when the value is sound.
 */
export function findUnstorableParts(value: unknown, pointer: string, depth = 0): FieldError[] {
  if (typeof value === 'string')
    return isStorableText(value)
      ? []
      : [{ pointer: pointer || '/', message: 'holds what is not a character' }];
  if (value === null || typeof value !== 'object') return [];
  if (depth === MAX_DEPTH) return [{ pointer, message: `is nested more than ${MAX_DEPTH} levels deep` }];
  return Object.entries(value).flatMap(([name, nested]) =>
    isStorableText(name)
      ? findUnstorableParts(nested, `${pointer}/${escapePointer(name)}`, depth + 1)
      : [{ pointer: pointer || '/', message: 'has a name that holds what is not a character' }],
  );
}
