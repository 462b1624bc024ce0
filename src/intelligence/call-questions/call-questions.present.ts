import type { QuestionView } from './call-questions.schemas.ts';
import type { ShownQuestion } from './call-questions.tables.ts';

/** A question as the API shows it. */
export const presentQuestion = (row: ShownQuestion): QuestionView => ({
  id: row.id,
  callId: row.callId,
  question: row.question,
  post: row.post,
  state: row.state,
  reason: row.reason,
  transcriptionId: row.transcriptionId,
  generationId: row.generationId,
  statements: row.statements.map(({ text, citations }) => ({
    text,
    citations: citations.map(({ atMs, ...rest }) => ({ ...rest, atSeconds: atMs / 1000 })),
  })),
  createdAt: row.createdAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
});
