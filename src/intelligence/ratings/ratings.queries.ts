import { and, desc, eq, or, sql } from 'drizzle-orm';
import { isBefore, type Queries, type Statement } from '../../kernel/db/index.ts';
import { agentConversations, agentMessages } from '../agent-conversations/agent-conversations.tables.ts';
import { aiGenerations } from '../generations/generations.tables.ts';
import { summaries } from '../summaries/summaries.tables.ts';
import { teamTurns } from '../team-runs/team-runs.tables.ts';
import { aiRatings, type Rating } from './ratings.tables.ts';

/** A generation that somebody asked for directly, with the message or summary that it answers, if any. */
export const selectOwnGeneration = (
  q: Queries,
  organizationId: string,
  asker: string,
  generationId: string,
) =>
  q
    .select({
      endedAt: aiGenerations.endedAt,
      messageId: agentMessages.id,
      summaryId: summaries.id,
    })
    .from(aiGenerations)
    .leftJoin(agentMessages, eq(agentMessages.generationId, aiGenerations.id))
    .leftJoin(summaries, eq(summaries.generationId, aiGenerations.id))
    .where(
      and(
        eq(aiGenerations.organizationId, organizationId),
        eq(aiGenerations.id, generationId),
        or(eq(aiGenerations.userId, asker), eq(aiGenerations.apiKeyId, asker)),
      ),
    );

/** An answer of an agent, in a conversation of the reader or a shared one. */
export const selectShownMessage = (q: Queries, organizationId: string, reader: string, messageId: string) =>
  q
    .select({ endedAt: agentMessages.endedAt, generationId: agentMessages.generationId })
    .from(agentMessages)
    .innerJoin(agentConversations, eq(agentConversations.id, agentMessages.conversationId))
    .where(
      and(
        eq(agentMessages.organizationId, organizationId),
        eq(agentMessages.id, messageId),
        eq(agentMessages.kind, 'answer'),
        or(eq(agentConversations.owner, reader), eq(agentConversations.shared, true)),
      ),
    );

/** The transcription of a summary: those who may read it may read the summary. */
export const selectTranscriptionOf = (q: Queries, organizationId: string, summaryId: string) =>
  q
    .select({ transcriptionId: summaries.transcriptionId })
    .from(summaries)
    .where(and(eq(summaries.organizationId, organizationId), eq(summaries.id, summaryId)));

/** Stores a rating in place of the person's earlier one of the answer. */
export const upsertRating = (q: Queries, row: Rating): Statement => {
  const { kind, rating, reason, text, updatedAt } = row;
  return q
    .insert(aiRatings)
    .values(row)
    .onConflictDoUpdate({
      target: [aiRatings.organizationId, aiRatings.answerId, aiRatings.rater],
      set: { kind, rating, reason, text, updatedAt, version: sql`${aiRatings.version} + 1` },
    });
};

const isOwn = (organizationId: string, rater: string, answerId: string) =>
  and(
    eq(aiRatings.organizationId, organizationId),
    eq(aiRatings.answerId, answerId),
    eq(aiRatings.rater, rater),
  );

export const selectOwnRating = (q: Queries, organizationId: string, rater: string, answerId: string) =>
  q
    .select()
    .from(aiRatings)
    .where(isOwn(organizationId, rater, answerId));

export const deleteRatingRow = (q: Queries, { organizationId, rater, answerId }: Rating): Statement =>
  q.delete(aiRatings).where(isOwn(organizationId, rater, answerId));

/** All ratings, the newest first; one more than `limit`. */
export const selectRatings = (
  q: Queries,
  organizationId: string,
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select({ rating: aiRatings, model: aiGenerations.model, turnId: teamTurns.id })
    .from(aiRatings)
    .leftJoin(aiGenerations, eq(aiGenerations.id, aiRatings.generationId))
    .leftJoin(teamTurns, eq(teamTurns.generationId, aiRatings.generationId))
    .where(and(eq(aiRatings.organizationId, organizationId), isBefore(aiRatings.id, before)))
    .orderBy(desc(aiRatings.id))
    .limit(limit + 1);
export type ListedRating = Awaited<ReturnType<typeof selectRatings>>[number];
