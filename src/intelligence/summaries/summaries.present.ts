import type { Chapter, Citation, Claim, SummaryContent } from './claims.rules.ts';
import { followUpOf } from './follow-up.rules.ts';
import type { SummaryView } from './summaries.schemas.ts';
import type { Summary } from './summaries.tables.ts';

const atSeconds = <T extends Citation | Chapter>({ startMs, ...rest }: T) => ({
  ...rest,
  startSeconds: startMs / 1000,
});

const presentClaim = <T extends Claim>({ citations, ...rest }: T) => ({
  ...rest,
  citations: citations.map(atSeconds),
});

const presentContent = (content: SummaryContent, language: string | null): SummaryView['content'] => ({
  overview: content.overview.map(presentClaim),
  decisions: content.decisions.map(presentClaim),
  actionItems: content.actionItems.map(presentClaim),
  openQuestions: content.openQuestions.map(presentClaim),
  chapters: content.chapters.map(atSeconds),
  followUp: followUpOf(content, language),
});

/** A summary as the API shows it. */
export const presentSummary = (row: Summary): SummaryView => ({
  id: row.id,
  transcriptionId: row.transcriptionId,
  method: row.method,
  state: row.state,
  reason: row.reason,
  generationId: row.generationId,
  language: row.language,
  heldOn: row.heldOn,
  content: row.content && presentContent(row.content, row.language),
  unsupportedCount: row.unsupported,
  requestedBy: row.requestedBy,
  createdAt: row.createdAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
});
