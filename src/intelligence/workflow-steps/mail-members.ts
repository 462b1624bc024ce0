import { budgetOnPlan, MAIL_BUDGETS, sendMails, takeMailOfOrganization } from '../../platform/mail/index.ts';
import {
  changeRun,
  mailOf,
  type MailRecipient,
  runAdvanced,
  type RunStep,
  withStep,
} from '../workflow-runs/index.ts';
import { maySendByItself } from './may-continue.ts';
import { readRecipients } from './read-recipients.ts';
import { readRunSummary } from './run-summary.ts';
import { type StepContext, StepFailure, type StepOutcome, type StepWork } from './step-outcome.ts';
import { selectMailGround } from './workflow-steps.queries.ts';

/** Free plans send no mail that a person has not read. */
const isByItself = ({ current }: StepContext, send: string, plan: string) =>
  send === 'by_itself' && current.attempts === 1 && plan !== 'free';

/**
 * Uses the budget of mails for each recipient, and stores those that it covers, so that a repeated attempt does not
 * use it again.
 */
async function takeBudget(
  { ctx, run, at }: StepContext,
  recipients: readonly MailRecipient[],
  plan: string,
): Promise<StepOutcome> {
  const budget = budgetOnPlan(MAIL_BUDGETS.workflowMails, plan);
  const mailed: string[] = [];
  for (const { userId } of recipients)
    if ((await takeMailOfOrganization(ctx, ctx.organizationId, budget)).admitted) mailed.push(userId);
  if (mailed.length === 0) throw new StepFailure('mail_budget');
  const set = { steps: withStep(run, at, { mailed }), updatedAt: new Date(ctx.clock.now()) };
  await ctx.commit({
    write: (q) => [changeRun(q, run, set)],
    events: [runAdvanced.of({ runId: run.id })],
    result: undefined,
  });
  return { to: 'stored' };
}

/** Whether the person who confirmed the mail saw the recipient. */
const isConfirmedFor = ({ confirmedFor }: RunStep, { userId }: MailRecipient): boolean =>
  confirmedFor?.includes(userId) ?? true;

/** Sends the mail to those for whom the budget was used, and who may still get it. */
async function send(context: StepContext, recipients: readonly MailRecipient[], roomName: string) {
  const { ctx, run, current } = context;
  const mail = mailOf(run, roomName, await readRunSummary(context));
  if (!mail) throw new StepFailure('summary_gone');
  const covered = recipients.filter(({ userId }) => current.mailed!.includes(userId));
  const paragraphs = mail.text.split('\n').filter((line) => line.trim() !== '');
  await sendMails(
    ctx,
    covered.map(({ email: to }) => ({
      to,
      content: { subject: mail.subject, paragraphs },
      key: `${run.id}.${current.attempts}.${to}`,
    })),
    { kind: 'meeting', causedBy: current.confirmedBy ?? run.authorId },
  );
  return covered.length < recipients.length;
}

/**
 * The mail to the members who were in the call. It waits until a person confirms it, unless the workflow sends it by
 * itself. That is done once, to those who were there from the beginning or moderate. A repeated mail, one that was
 * corrected before it is sent, or one of a workflow that has changed always waits.
 */
export const mailMembers: StepWork<'mail'> = async (context, { send: when }) => {
  const { ctx, run, current } = context;
  await readRunSummary(context);
  const [[ground]] = await ctx.read((q) => [selectMailGround(q, ctx.organizationId, run.roomId)]);
  if (!ground) throw new StepFailure('room_deleted');
  const isConfirmed = current.confirmedBy !== null;
  if (current.isOutdated) return { to: 'waiting', isUnconfirmed: true };
  if (!isConfirmed && !isByItself(context, when, ground.plan)) return { to: 'waiting' };
  if (!isConfirmed && !(await maySendByItself(context))) return { to: 'waiting', reason: 'workflow_changed' };
  const present = await readRecipients(ctx, run, ground);
  const all = isConfirmed ? present.filter((each) => isConfirmedFor(current, each)) : present;
  const recipients = isConfirmed ? all : all.filter(({ cameLater }) => !cameLater);
  if (all.length === 0) throw new StepFailure('no_members');
  // A person decides about the remaining members.
  if (recipients.length === 0) return { to: 'waiting' };
  if (!current.mailed) return takeBudget(context, recipients, ground.plan);
  const isBeyondBudget = await send(context, recipients, ground.roomName);
  const left = isBeyondBudget ? 'mail_budget' : recipients.length < all.length ? 'came_later' : null;
  return {
    to: 'done',
    ...(left === null ? {} : { reason: left }),
    audit: {
      action: 'workflow_run.mail_sent',
      target: { type: 'workflow_run', id: run.id },
      after: { callId: run.callId, confirmedBy: current.confirmedBy },
    },
  };
};
