import { lt } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { recordingOpenings } from './recording-downloads.tables.ts';

const DAY_MS = 86_400_000;

/** Notes that a recording was opened, once a day. */
export const noteOpened = (q: Queries, row: typeof recordingOpenings.$inferInsert) =>
  q
    .insert(recordingOpenings)
    .values(row)
    .onConflictDoUpdate({
      target: recordingOpenings.recordingId,
      set: { openedAt: row.openedAt },
      setWhere: lt(recordingOpenings.openedAt, new Date(row.openedAt.getTime() - DAY_MS)),
    });
