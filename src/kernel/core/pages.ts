import { z } from '@hono/zod-openapi';
import { requestErrors } from './core.errors.ts';
import { base64Url, fromBase64Url, fromUtf8, utf8 } from './encoding.ts';

const DECIMAL = /^-?(0|[1-9]\d*)$/;

/** A whole number in a query, in decimal digits: not `0x10`, `1e1`, `+1` or an empty value, which JavaScript reads as one, too. */
export const queryIntegerSchema = (min: number, max: number) =>
  z.preprocess(
    (text) => (typeof text === 'string' && DECIMAL.test(text) ? Number(text) : text),
    z.int({ error: 'must be a whole number' }).min(min).max(max),
  );

/** The query parameters of every list. */
export const pageQuerySchema = z.strictObject({
  limit: queryIntegerSchema(1, 100)
    .default(20)
    .openapi({ description: 'Maximum number of items per page, 1 to 100.', example: 20 }),
  cursor: z.string().max(512).optional().openapi({
    description: 'The `nextCursor` of the previous page; absent for the first page.',
    example: 'eyJhZnRlciI6Im9yZ18wMWpkIn0',
  }),
});

export type PageQuery = z.infer<typeof pageQuerySchema>;

export const PAGE_ORDERS = ['asc', 'desc'] as const;

/** The query parameters of a list that can be read from both ends. */
export const orderedPageQuerySchema = pageQuerySchema.extend({
  order: z.enum(PAGE_ORDERS).default('asc').openapi({
    description: 'By time of creation: `asc` for the oldest first, `desc` for the newest first.',
    example: 'desc',
  }),
});

export type OrderedPageQuery = z.infer<typeof orderedPageQuerySchema>;

/** Which rows of a list make a page. */
export interface PageRange {
  /** The sort key of the row before the first; undefined for the first page. */
  after: string | undefined;
  order: (typeof PAGE_ORDERS)[number];
  limit: number;
}

export interface Page<T> {
  data: T[];
  /** Opaque; null on the last page. */
  nextCursor: string | null;
}

const cursorSchema = z.strictObject({
  after: z.string().regex(/^[\x21-\x7e]{1,200}$/),
});

/**
 * Reads the sort key after which the page starts; undefined for the first page.
 * @throws AppError `request.invalid_cursor` when the text is not a cursor of this API
 */
export function readCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  try {
    return cursorSchema.parse(JSON.parse(fromUtf8(fromBase64Url(cursor)))).after;
  } catch (cause) {
    throw requestErrors.invalidCursor({
      errors: [{ pointer: '#/query/cursor', message: 'is not a cursor of this list' }],
      cause,
    });
  }
}

/** @throws AppError `request.invalid_cursor` */
export const readPageRange = ({ cursor, order, limit }: OrderedPageQuery): PageRange => ({
  after: readCursor(cursor),
  order,
  limit,
});

/**
 * Makes a page from up to `limit + 1` rows; the extra row shows that there is a next page. Lists are ordered by a
 * unique, time-ordered key, so that pages stay stable while rows are added.
 */
export function pageOf<T>(rows: T[], limit: number, sortKey: (row: T) => string): Page<T> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { data, nextCursor: more ? base64Url(utf8(JSON.stringify({ after: sortKey(last) }))) : null };
}

/** The schema of a page of `item`. */
export function pageSchema<T extends z.ZodType>(item: T) {
  return z.object({
    data: z.array(item).openapi({ description: 'The items of this page.' }),
    nextCursor: z
      .string()
      .nullable()
      .openapi({ description: 'Opaque; pass it as `cursor` to get the next page. Null on the last page.' }),
  });
}
