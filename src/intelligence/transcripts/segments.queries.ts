import { and, asc, desc, eq, gt, type SQL, sql } from 'drizzle-orm';
import { isBefore, mustChange, type Queries, type Statement } from '../../kernel/db/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import {
  type Correction,
  type Segment,
  transcriptCorrections,
  transcriptSegments,
} from './transcripts.tables.ts';

const isOf = (organizationId: string, transcriptionId: string) =>
  and(
    eq(transcriptSegments.organizationId, organizationId),
    eq(transcriptSegments.transcriptionId, transcriptionId),
  );

export const insertSegments = (q: Queries, rows: readonly Segment[]): Statement[] =>
  rows.length === 0 ? [] : [q.insert(transcriptSegments).values([...rows])];

/** Inserts what a call said; what is there already stays as it is. */
export const insertNewSegments = (q: Queries, rows: readonly Segment[]): Statement[] =>
  rows.length === 0
    ? []
    : [
        q
          .insert(transcriptSegments)
          .values([...rows])
          .onConflictDoNothing(),
      ];

/** The position after the last segment. */
export const selectNextPosition = (q: Queries, organizationId: string, transcriptionId: string) =>
  q
    .select({ position: sql<number>`coalesce(max(${transcriptSegments.position}) + 1, 0)::int` })
    .from(transcriptSegments)
    .where(isOf(organizationId, transcriptionId));

/** Segments in the order of time; one more than `limit`. */
export const selectSegments = (
  q: Queries,
  organizationId: string,
  transcriptionId: string,
  { after, limit, text }: { after: number; limit: number; text?: string | undefined },
) =>
  q
    .select()
    .from(transcriptSegments)
    .where(
      and(
        isOf(organizationId, transcriptionId),
        gt(transcriptSegments.position, after),
        text === undefined
          ? undefined
          : sql`to_tsvector('simple', ${transcriptSegments.text}) @@ websearch_to_tsquery('simple', ${text})`,
      ),
    )
    .orderBy(asc(transcriptSegments.position))
    .limit(limit + 1);

export const selectSegment = (
  q: Queries,
  organizationId: string,
  transcriptionId: string,
  position: number,
) =>
  q
    .select()
    .from(transcriptSegments)
    .where(and(isOf(organizationId, transcriptionId), eq(transcriptSegments.position, position)));

/** What was said before, newest first; one more than `limit`. */
export const selectCorrections = (
  q: Queries,
  organizationId: string,
  transcriptionId: string,
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(transcriptCorrections)
    .where(
      and(
        eq(transcriptCorrections.organizationId, organizationId),
        eq(transcriptCorrections.transcriptionId, transcriptionId),
        isBefore(transcriptCorrections.id, before),
      ),
    )
    .orderBy(desc(transcriptCorrections.id))
    .limit(limit + 1);

/** Corrects a segment that still has the version that was read, and keeps what it said. */
export const correctSegmentRow = (q: Queries, segment: Segment, correction: Correction): Statement[] => [
  mustChange(
    q,
    q
      .update(transcriptSegments)
      .set({
        text: correction.text,
        correctedBy: correction.correctedBy,
        correctedAt: correction.createdAt,
        version: sql`${transcriptSegments.version} + 1`,
      })
      .where(
        and(
          isOf(segment.organizationId, segment.transcriptionId),
          eq(transcriptSegments.position, segment.position),
          eq(transcriptSegments.version, segment.version),
        ),
      )
      .returning({ position: transcriptSegments.position }),
    requestErrors.stale,
  ),
  q.insert(transcriptCorrections).values(correction),
];

/** Up to so many segments of all organizations, by where they are stored. */
const someSegments = (where: SQL, limit: number) =>
  sql`${transcriptSegments}.ctid in (select s.ctid from ${transcriptSegments} s where ${where} limit ${limit})`;

/** Takes a user's identity out of what they said and corrected, of all organizations; their words stay. */
export const forgetPersonInSegments = (q: Queries, userId: string, limit: number) =>
  [
    q
      .update(transcriptSegments)
      .set({ speaker: null })
      .where(someSegments(sql`s.speaker = ${userId}`, limit))
      .returning({ position: transcriptSegments.position }),
    q
      .update(transcriptSegments)
      .set({ correctedBy: null })
      .where(someSegments(sql`s.corrected_by = ${userId}`, limit))
      .returning({ position: transcriptSegments.position }),
  ] as const;

export const forgetPersonInCorrections = (q: Queries, userId: string) =>
  q
    .update(transcriptCorrections)
    .set({ correctedBy: null })
    .where(eq(transcriptCorrections.correctedBy, userId));

/** Forgets the memories that only these transcripts supported, which are gone. */
export const forgetMemoriesOf = (q: Queries, organizationId: string, ids: readonly string[]) =>
  q.execute(sql`select forget_lost_sources(${organizationId}, 'transcript', ${sql.param([...ids])}::text[])`);
