import { StripeFailure } from './errors.ts';

interface Page {
  limit: number;
  starting_after?: string;
  ending_before?: string;
}

export interface ListAnswer {
  object: 'list';
  url: string;
  has_more: boolean;
  data: unknown[];
}

/**
 * One page of rows that are given newest first.
 * @throws StripeFailure when the cursor is none of them
 */
export function pageOf(rows: readonly { id: string }[], url: string, page: Page): ListAnswer {
  const indexOf = (id: string, param: string) => {
    const index = rows.findIndex((row) => row.id === id);
    if (index < 0) throw StripeFailure.invalid(`No such object: '${id}'`, param, 'resource_missing');
    return index;
  };
  if (page.ending_before !== undefined) {
    const end = indexOf(page.ending_before, 'ending_before');
    const start = Math.max(0, end - page.limit);
    return { object: 'list', url, has_more: start > 0, data: rows.slice(start, end) };
  }
  const start = page.starting_after === undefined ? 0 : indexOf(page.starting_after, 'starting_after') + 1;
  const end = start + page.limit;
  return { object: 'list', url, has_more: end < rows.length, data: rows.slice(start, end) };
}

/** A list inside an object, complete. */
export const listOf = <T>(data: T[], url: string) => ({
  object: 'list' as const,
  data,
  has_more: false,
  url,
});

interface Range {
  gt?: number;
  gte?: number;
  lt?: number;
  lte?: number;
}

export const isWithin = (at: number, range: Range | undefined): boolean =>
  range === undefined ||
  ((range.gt === undefined || at > range.gt) &&
    (range.gte === undefined || at >= range.gte) &&
    (range.lt === undefined || at < range.lt) &&
    (range.lte === undefined || at <= range.lte));
