import { and, asc, desc, eq, gt, type SQL, sql } from 'drizzle-orm';
import { changeVersionedBy, isBefore, type Queries, type Statement } from '../../kernel/db/index.ts';
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

/** Inserts the segments of a call; existing ones are not changed. */
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

/** The earlier texts, newest first; one more than `limit`. */
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

/** Corrects a segment that has not changed since it was read, and keeps the earlier text. */
export const correctSegmentRow = (q: Queries, segment: Segment, correction: Correction): Statement[] => [
  changeVersionedBy(
    q,
    transcriptSegments,
    {
      key: and(
        isOf(segment.organizationId, segment.transcriptionId),
        eq(transcriptSegments.position, segment.position),
      ),
      version: segment.version,
    },
    {
      text: correction.text,
      correctedBy: correction.correctedBy,
      correctedAt: correction.createdAt,
    },
  ),
  q.insert(transcriptCorrections).values(correction),
];

/** A limited number of segments of all organizations, by their location in storage. */
const someSegments = (where: SQL, limit: number) =>
  sql`${transcriptSegments}.ctid in (select s.ctid from ${transcriptSegments} s where ${where} limit ${limit})`;

/** Removes a user as speaker and corrector in all organizations; the words remain. */
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

/** Forgets the memories that only these deleted transcripts supported. */
export const forgetMemoriesOf = (q: Queries, organizationId: string, ids: readonly string[]) =>
  q.execute(sql`select forget_lost_sources(${organizationId}, 'transcript', ${sql.param([...ids])}::text[])`);
