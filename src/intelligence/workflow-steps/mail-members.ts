import { budgetOnPlan, MAIL_BUDGETS, sendMails, takeMailOfOrganization } from '../../platform/mail/index.ts';
import { mailOf } from '../workflow-runs/index.ts';
import { selectMailGround, selectMembersInCall } from './workflow-steps.queries.ts';
import { readRunSummary } from './run-summary.ts';
import { type StepContext, StepFailure, type StepWork } from './step-outcome.ts';

/** Free plans send nothing that no person has read. */
const isByItself = ({ current }: StepContext, send: string, plan: string) =>
  send === 'by_itself' && current.attempts === 1 && !current.isOutdated && plan !== 'free';

/** Sends the mail to those whom the budget of mails still covers. @returns how many were left out */
async function send(context: StepContext, plan: string, roomName: string): Promise<number> {
  const { ctx, run, current } = context;
  const mail = mailOf(run, roomName, await readRunSummary(context));
  if (!mail) throw new StepFailure('summary_gone');
  const [members] = await ctx.read((q) => [selectMembersInCall(q, ctx.organizationId, run.callId)]);
  if (members.length === 0) throw new StepFailure('no_members');
  const budget = budgetOnPlan(MAIL_BUDGETS.workflowMails, plan);
  const covered: string[] = [];
  for (const { email } of members)
    if ((await takeMailOfOrganization(ctx, ctx.organizationId, budget)).admitted) covered.push(email);
  if (covered.length === 0) throw new StepFailure('mail_budget');
  const paragraphs = mail.text.split('\n').filter((line) => line.trim() !== '');
  await sendMails(
    ctx,
    covered.map((to) => ({
      to,
      content: { subject: mail.subject, paragraphs },
      key: `${run.id}.${current.attempts}.${to}`,
    })),
    { kind: 'meeting', causedBy: current.confirmedBy ?? run.authorId },
  );
  return members.length - covered.length;
}

/**
 * The mail to the members who were in the call: it waits until a person confirms it, unless the workflow sends it by itself, once.
 * Repeated, it always waits.
 */
export const mailMembers: StepWork<'mail'> = async (context, { send: when }) => {
  const { ctx, run, current } = context;
  await readRunSummary(context);
  const [[ground]] = await ctx.read((q) => [selectMailGround(q, ctx.organizationId, run.roomId)]);
  if (!ground) throw new StepFailure('room_deleted');
  const { plan, roomName } = ground;
  if (current.confirmedBy === null && !isByItself(context, when, plan)) return { to: 'waiting' };
  const left = await send(context, plan, roomName);
  return {
    to: 'done',
    ...(left > 0 ? { reason: 'mail_budget' } : {}),
    audit: {
      action: 'workflow_run.mail_sent',
      target: { type: 'workflow_run', id: run.id },
      after: { callId: run.callId, confirmedBy: current.confirmedBy },
    },
  };
};
