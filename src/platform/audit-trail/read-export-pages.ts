import type { AuditLog } from './audit-trail.queries.ts';
import type { TimeRange } from './audit-trail.rules.ts';
import type { AuditExportInput } from './audit-trail.schemas.ts';

/** Rows read per round trip. */
export const PAGE_SIZE = 500;

/** The time range of an export. */
export const parseRange = ({ from, to }: AuditExportInput): TimeRange => ({
  from: from === null ? undefined : new Date(from),
  to: to === null ? undefined : new Date(to),
});

/** Reads pages until one is not full; `readPage` gets the last row of the previous page. */
export async function* readPages(
  readPage: (last: AuditLog | undefined) => Promise<AuditLog[]>,
): AsyncGenerator<AuditLog[]> {
  for (let last: AuditLog | undefined; ;) {
    const rows = await readPage(last);
    if (rows.length > 0) yield rows;
    last = rows.at(-1);
    if (rows.length < PAGE_SIZE) return;
  }
}
