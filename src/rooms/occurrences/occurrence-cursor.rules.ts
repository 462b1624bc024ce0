import { requestErrors } from '../../kernel/core/index.ts';
import type { Occurrence } from '../../kernel/recurrence/index.ts';

type ListPosition = Pick<Occurrence, 'startMs' | 'originalStartMs'>;

/** Where an occurrence is in the list, as the sort key of a cursor. */
export const writeListPosition = ({ startMs, originalStartMs }: ListPosition): string =>
  `${startMs}_${originalStartMs}`;

/** @throws AppError `request.invalid_cursor` for the sort key of another list */
export function readListPosition(key: string | undefined): ListPosition | undefined {
  if (key === undefined) return undefined;
  const [, startMs, originalStartMs] = /^(\d{1,15})_(\d{1,15})$/.exec(key) ?? [];
  if (startMs === undefined)
    throw requestErrors.invalidCursor({
      errors: [{ pointer: '#/query/cursor', message: 'is not a cursor of this list' }],
    });
  return { startMs: Number(startMs), originalStartMs: Number(originalStartMs) };
}
