import { readCursor, requestErrors } from '../../kernel/core/index.ts';

/** Where a page of margins begins: after this organization. */
export interface MarginPosition {
  /** In micro-units; null when it is unknown. */
  margin: string | null;
  organizationId: string;
}

const POSITION = /^(-?\d{1,18}|unknown)~(org_[0-9a-z]{26})$/;

export const formatPosition = ({ margin, organizationId }: MarginPosition): string =>
  `${margin ?? 'unknown'}~${organizationId}`;

/** @throws AppError `request.invalid_cursor` */
export function parsePosition(cursor: string | undefined): MarginPosition | undefined {
  const after = readCursor(cursor);
  if (after === undefined) return undefined;
  const [, margin, organizationId] = POSITION.exec(after) ?? [];
  if (margin === undefined || organizationId === undefined) throw requestErrors.invalidCursor();
  return { margin: margin === 'unknown' ? null : margin, organizationId };
}
