import type { CheckView } from './moderation-checks.schemas.ts';
import type { ModerationCheck } from './moderation-checks.tables.ts';

/** A check as the API shows it. */
export const presentCheck = (row: ModerationCheck): CheckView => ({
  id: row.id,
  roomId: row.roomId,
  callId: row.callId,
  state: row.state,
  reason: row.reason,
  errorCode: row.errorCode,
  lines: row.lines.length,
  found: row.found,
  generationId: row.generationId,
  createdAt: row.createdAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
});
