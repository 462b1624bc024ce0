import { and, asc, desc, eq, getTableColumns, gte, inArray, isNull, lte, ne, sql } from 'drizzle-orm';
import { callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import {
  changeVersioned,
  inTurn,
  isBefore,
  mustHold,
  type Queries,
  type Statement,
} from '../../kernel/db/index.ts';
import { chatMessages } from '../../messaging/chat/chat.tables.ts';
import { isCallShownTo } from '../../rooms/access/index.ts';
import { transcriptions, transcriptSegments } from '../transcripts/transcripts.tables.ts';
import { questionErrors } from './call-questions.errors.ts';
import { type CallQuestion, callQuestions } from './call-questions.tables.ts';

const MOST_OF_CALL = 500;
const MOST_OF_PERSON = 50;
const MOST_MESSAGES = 1_000;

/** A call that the viewer may see, with the moment when they first joined it. */
export const selectCallToAsk = (
  q: Queries,
  organizationId: string,
  callId: string,
  { viewer, identity }: { viewer: string | null; identity: string },
) =>
  q
    .select({ call: calls, joinedAt: callParticipants.joinedAt })
    .from(calls)
    .leftJoin(
      callParticipants,
      and(eq(callParticipants.callId, calls.id), eq(callParticipants.identity, identity)),
    )
    .where(and(eq(calls.organizationId, organizationId), eq(calls.id, callId), isCallShownTo(viewer)));

/** The transcript of the live captions of the call. */
export const selectTranscriptOfCall = (q: Queries, organizationId: string, callId: string) =>
  q
    .select()
    .from(transcriptions)
    .where(and(eq(transcriptions.organizationId, organizationId), eq(transcriptions.callId, callId)))
    .orderBy(desc(transcriptions.id))
    .limit(1);

/** The segments after a moment of the transcript, the oldest first. */
export const selectSaid = (q: Queries, organizationId: string, transcriptionId: string, fromMs: number) =>
  q
    .select({
      position: transcriptSegments.position,
      startMs: transcriptSegments.startMs,
      text: transcriptSegments.text,
      isGap: transcriptSegments.isGap,
    })
    .from(transcriptSegments)
    .where(
      and(
        eq(transcriptSegments.organizationId, organizationId),
        eq(transcriptSegments.transcriptionId, transcriptionId),
        gte(transcriptSegments.startMs, fromMs),
      ),
    )
    .orderBy(asc(transcriptSegments.position));

/** The newest messages of the room in a period, without deleted ones. */
export const selectWritten = (
  q: Queries,
  organizationId: string,
  roomId: string,
  { from, to }: { from: Date; to: Date },
) =>
  q
    .select({ id: chatMessages.id, text: chatMessages.text, sentAt: chatMessages.sentAt })
    .from(chatMessages)
    .where(
      and(
        eq(chatMessages.organizationId, organizationId),
        eq(chatMessages.roomId, roomId),
        isNull(chatMessages.deletedAt),
        ne(chatMessages.text, ''),
        gte(chatMessages.sentAt, from),
        lte(chatMessages.sentAt, to),
      ),
    )
    .orderBy(desc(chatMessages.sentAt), desc(chatMessages.id))
    .limit(MOST_MESSAGES);

/** The present words of messages. */
export const selectWords = (q: Queries, organizationId: string, roomId: string, ids: readonly string[]) =>
  q
    .select({ id: chatMessages.id, text: chatMessages.text, sentAt: chatMessages.sentAt })
    .from(chatMessages)
    .where(
      and(
        eq(chatMessages.organizationId, organizationId),
        eq(chatMessages.roomId, roomId),
        isNull(chatMessages.deletedAt),
        inArray(chatMessages.id, [...ids]),
      ),
    );

/** Inserts a question. Commits about one call wait for each other, so that each counts all earlier questions. */
export const insertQuestion = (q: Queries, row: CallQuestion): Statement[] => [
  q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`call questions ${row.callId}`}, 0))`),
  q.insert(callQuestions).values(row),
  mustHold(
    q,
    sql`(select count(*) <= ${MOST_OF_CALL}::int
        and count(*) filter (where ${callQuestions.userId} = ${row.userId}) <= ${MOST_OF_PERSON}::int
      from ${callQuestions} where ${callQuestions.organizationId} = ${row.organizationId}
        and ${callQuestions.callId} = ${row.callId})`,
    questionErrors.tooMany,
  ),
];

/** The person who asks, when the call began, and the moment from which they may know what was said. */
export interface QuestionReader {
  userId: string;
  from: Date;
  begun: Date;
}

/** An answer from an earlier moment is not shown to a person who may know only what came later. */
const isOf = (organizationId: string, callId: string, { userId, from, begun }: QuestionReader) =>
  and(
    eq(callQuestions.organizationId, organizationId),
    eq(callQuestions.callId, callId),
    eq(callQuestions.userId, userId),
    gte(
      sql`coalesce(${callQuestions.askedFrom}, ${begun.toISOString()}::timestamptz)`,
      sql`${from.toISOString()}::timestamptz`,
    ),
  );

const { lines: _lines, ...shownColumns } = getTableColumns(callQuestions);

export const selectQuestion = (
  q: Queries,
  organizationId: string,
  { callId, questionId, reader }: { callId: string; questionId: string; reader: QuestionReader },
) =>
  q
    .select(shownColumns)
    .from(callQuestions)
    .where(and(isOf(organizationId, callId, reader), eq(callQuestions.id, questionId)));

/** A person's questions about a call, the newest first; one more than `limit`. */
export const selectQuestions = (
  q: Queries,
  organizationId: string,
  { callId, reader }: { callId: string; reader: QuestionReader },
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select(shownColumns)
    .from(callQuestions)
    .where(and(isOf(organizationId, callId, reader), isBefore(callQuestions.id, before)))
    .orderBy(desc(callQuestions.id))
    .limit(limit + 1);

export const selectQuestionOfGeneration = (q: Queries, organizationId: string, generationId: string) =>
  q
    .select()
    .from(callQuestions)
    .where(
      and(eq(callQuestions.organizationId, organizationId), eq(callQuestions.generationId, generationId)),
    );

/** Questions that have been running since before a moment, in no order. */
export const selectQuietQuestions = (q: Queries, before: Date, limit: number) =>
  q
    .select()
    .from(callQuestions)
    .where(and(isNull(callQuestions.endedAt), lte(callQuestions.createdAt, before)))
    .orderBy(inTurn(callQuestions.id, before))
    .limit(limit);

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeQuestion = (q: Queries, row: CallQuestion, set: Partial<CallQuestion>): Statement =>
  changeVersioned(q, callQuestions, row, set);
