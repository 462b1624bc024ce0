import type { WorkflowView } from './meeting-workflows.schemas.ts';
import type { MeetingWorkflow } from './meeting-workflows.tables.ts';

export const presentWorkflow = (row: MeetingWorkflow): WorkflowView => ({
  id: row.id,
  name: row.name,
  enabled: row.enabled,
  trigger: row.trigger,
  roomIds: row.roomIds && [...row.roomIds],
  steps: [...row.steps],
  maxCostMicros: row.maxCostMicros,
  currency: 'USD',
  authorId: row.authorId,
  version: row.version,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
