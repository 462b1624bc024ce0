import type { DraftedMail } from './mail.rules.ts';
import { spentMicros } from './runs.rules.ts';
import type { RunView } from './workflow-runs.schemas.ts';
import type { WorkflowRun } from './workflow-runs.tables.ts';

/** A run as the API shows it. */
export const presentRun = (row: WorkflowRun, mail: DraftedMail | null = null): RunView => ({
  id: row.id,
  workflowId: row.workflowId,
  workflowName: row.workflowName,
  workflowVersion: row.workflowVersion,
  roomId: row.roomId,
  callId: row.callId,
  authorId: row.authorId,
  state: row.state,
  reason: row.reason,
  steps: row.steps.map(({ mailed: _mailed, confirmedFor: _confirmedFor, ...step }) => step),
  transcriptionId: row.transcriptionId,
  summaryId: row.summaryId,
  mail: mail && {
    ...mail,
    recipients: mail.recipients.map(({ userId, name, cameLater }) => ({ userId, name, cameLater })),
  },
  costMicros: spentMicros(row),
  maxCostMicros: row.maxCostMicros,
  currency: 'USD',
  version: row.version,
  createdAt: row.createdAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
});
