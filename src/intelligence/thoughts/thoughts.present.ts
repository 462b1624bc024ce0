import type { ThoughtView } from './thoughts.schemas.ts';
import type { ThoughtRow } from './thoughts.tables.ts';

/** A thought as the API shows it. */
export const presentThought = (row: ThoughtRow): ThoughtView => ({
  thought: row.thought,
  thoughtNumber: row.thoughtNumber,
  totalThoughts: row.totalThoughts,
  nextThoughtNeeded: row.nextThoughtNeeded,
  revisesThought: row.revisesThought,
  branchFromThought: row.branchFromThought,
  branchId: row.branchId,
  createdAt: row.createdAt.toISOString(),
});
