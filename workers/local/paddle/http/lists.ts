import type { StoredRow } from '../../stand-in/store.ts';
import { PaddleFailure } from './errors.ts';
import { present } from './present.ts';

/** One page of rows, with what leads to the next. */
export class Page {
  readonly data: unknown[];
  readonly pagination: { per_page: number; next: string; has_more: boolean; estimated_total: number };

  constructor(data: unknown[], pagination: Page['pagination']) {
    this.data = data;
    this.pagination = pagination;
  }
}

/**
 * @param url the address of the list without a cursor
 * @throws PaddleFailure when the cursor is none of the rows
 */
export function pageOf(
  rows: readonly StoredRow[],
  url: URL,
  { after, per_page: size }: { after?: string | undefined; per_page: number },
  show: (row: never) => unknown = present,
): Page {
  const found = after === undefined ? -1 : rows.findIndex(({ id }) => id === after);
  if (after !== undefined && found < 0) throw PaddleFailure.field('after', 'is not an entity of this list');
  const shown = rows.slice(found + 1, found + 1 + size);
  const next = new URL(url);
  next.searchParams.set('after', shown.at(-1)?.id ?? after ?? '');
  return new Page(
    shown.map((row) => show(row as never)),
    {
      per_page: size,
      next: next.toString(),
      has_more: found + 1 + size < rows.length,
      estimated_total: rows.length,
    },
  );
}
