import { inArray } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { recordings } from '../recordings/recordings.tables.ts';

/** The recordings with these ids, of any organization, with the known facts of their objects. */
export const selectStoredRecordings = (q: Queries, ids: readonly string[]) =>
  q
    .select({
      id: recordings.id,
      state: recordings.state,
      objectKey: recordings.objectKey,
      storedBytes: recordings.storedBytes,
      updatedAt: recordings.updatedAt,
    })
    .from(recordings)
    .where(inArray(recordings.id, [...ids]));
