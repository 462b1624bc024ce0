import { and, eq, isNull, sql } from 'drizzle-orm';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { fileCompressions } from '../file-compressions/file-compressions.tables.ts';
import { recordings } from '../recordings/recordings.tables.ts';

/** A recording with what its organization has set, and whether a compression of it was ever asked for. */
export const selectRecordingToCompress = (q: Queries, organizationId: string, recordingId: string) =>
  q
    .select({
      recording: recordings,
      settings: organizations.settings,
      wasAsked: sql<boolean>`exists (select from ${fileCompressions} where ${fileCompressions.recordingId} = ${recordings.id})`,
    })
    .from(recordings)
    .innerJoin(organizations, eq(organizations.id, recordings.organizationId))
    .where(
      and(
        eq(recordings.organizationId, organizationId),
        eq(recordings.id, recordingId),
        isNull(organizations.deletedAt),
      ),
    );
