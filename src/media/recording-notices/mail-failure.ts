import type { Ctx } from '../../kernel/context/index.ts';
import { mapSettled, PermanentFailure } from '../../kernel/core/index.ts';
import { budgetOnPlan, MAIL_BUDGETS, renderMail, takeMailOfOrganization } from '../../platform/mail/index.ts';
import { type Recording, selectRecordingById } from '../recordings/index.ts';
import { failureMail, isReported } from './failure-mail.rules.ts';
import { selectPeopleConcerned } from './recording-notices.queries.ts';

type Person = Awaited<ReturnType<typeof selectPeopleConcerned>>[number];

async function mailPerson(ctx: Ctx, row: Recording, person: Person): Promise<void> {
  if (!isReported(row.reason)) return;
  const budget = budgetOnPlan(MAIL_BUDGETS.recordingMails, person.plan);
  const { admitted } = await takeMailOfOrganization(ctx, ctx.organizationId, budget);
  if (!admitted) return ctx.log.warn('recordings.mail_left_out', { userId: person.userId });
  const content = failureMail(row.reason, { ...person, startedAt: row.createdAt });
  await ctx.ports.mailer.send(
    { to: person.email, ...renderMail(content), idempotencyKey: `${row.id}.failed.${person.userId}` },
    ctx.trace,
  );
}

/**
 * Mails the person who asked for a recording and the creator of the room that it failed or was lost, as long as they are members
 * with a confirmed address. Neither gets a second mail by a repeated delivery, nor by the event that its file is to be deleted.
 */
export async function mailFailure(ctx: Ctx, { recordingId }: { recordingId: string }): Promise<void> {
  const [[row], people] = await ctx.read((q) => [
    selectRecordingById(q, ctx.organizationId, recordingId),
    selectPeopleConcerned(q, ctx.organizationId, recordingId),
  ]);
  // What is to be deleted failed before, and was mailed then.
  if (!row || row.deleteRequestedAt || !['failed', 'lost'].includes(row.state)) return;
  const outcomes = await mapSettled(people, (person) => mailPerson(ctx, row, person));
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  // An address that is refused for good must not keep the other from the next attempt.
  const failure = failures.find((reason) => !(reason instanceof PermanentFailure)) ?? failures[0];
  if (failure) throw failure;
}
