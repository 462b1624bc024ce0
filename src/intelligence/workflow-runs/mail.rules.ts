import { followUpOf, type Summary } from '../summaries/index.ts';
import { stepAt } from './runs.rules.ts';
import type { WorkflowRun } from './workflow-runs.tables.ts';

export interface DraftedMail {
  subject: string;
  text: string;
}

/** The mail of a run: made of its summary each time, so that nothing of it outlasts that. Null without a step or a summary. */
export function mailOf(run: WorkflowRun, roomName: string, summary: Summary | undefined): DraftedMail | null {
  const at = stepAt(run, 'mail');
  if (at < 0 || !summary?.content || run.steps[at]!.state === 'pending') return null;
  return {
    subject: `${roomName}, ${summary.heldOn}`,
    text: followUpOf(summary.content, summary.language),
  };
}
