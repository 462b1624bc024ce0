import { followUpOf, type Summary } from '../summaries/index.ts';
import type { MailRecipient } from './recipients.rules.ts';
import { stepAt } from './runs.rules.ts';
import type { WorkflowRun } from './workflow-runs.tables.ts';

export interface MailText {
  subject: string;
  text: string;
}

export interface DraftedMail extends MailText {
  /** The members who get it when a person confirms it; empty when it does not wait for that. */
  recipients: readonly MailRecipient[];
}

/** Whether the mail of a run waits for a person. */
export const isMailWaiting = (run: WorkflowRun): boolean =>
  run.steps[stepAt(run, 'mail')]?.state === 'waiting';

/**
 * The mail of a run. It is made from the summary each time, so that no part of it outlives the summary. Null without a
 * step or a summary.
 */
export function mailOf(run: WorkflowRun, roomName: string, summary: Summary | undefined): MailText | null {
  const at = stepAt(run, 'mail');
  if (at < 0 || !summary?.content || run.steps[at]!.state === 'pending') return null;
  return {
    subject: `${roomName}, ${summary.heldOn}`,
    text: followUpOf(summary.content, summary.language),
  };
}
