import type { Ctx } from '../../kernel/context/index.ts';
import { mapSettled, PermanentFailure } from '../../kernel/core/index.ts';
import type { Delivery } from '../../kernel/delivery/index.ts';
import { budgetOnPlan, MAIL_BUDGETS, renderMail, takeMailOfOrganization } from '../../platform/mail/index.ts';
import { type Recording, selectRecordingOfRoom } from '../recordings/index.ts';
import { failureMail, isReported } from './failure-mail.rules.ts';
import { selectPeopleConcerned } from './recording-notices.queries.ts';

type Person = Awaited<ReturnType<typeof selectPeopleConcerned>>[number];

async function mailPerson(ctx: Ctx, row: Recording, person: Person, key: string): Promise<void> {
  if (!isReported(row.reason)) return;
  const budget = budgetOnPlan(MAIL_BUDGETS.recordingMails, person.plan);
  const { admitted } = await takeMailOfOrganization(ctx, ctx.organizationId, budget);
  if (!admitted) return ctx.log.warn('recordings.mail_left_out', { userId: person.userId });
  const content = failureMail(row.reason, { ...person, startedAt: row.createdAt });
  await ctx.ports.mailer.send(
    { to: person.email, ...renderMail(content), idempotencyKey: `${key}.${person.userId}` },
    ctx.trace,
  );
}

/**
 * Mails the person who asked for a recording and the creator of the room that it failed or was lost, as long as they are members
 * with a confirmed address. A repeated delivery gives neither a second mail.
 */
export async function mailFailure(
  ctx: Ctx,
  { roomId, recordingId }: { roomId: string; recordingId: string },
  delivery: Delivery,
): Promise<void> {
  const [[row], people] = await ctx.read((q) => [
    selectRecordingOfRoom(q, ctx.organizationId, roomId, recordingId),
    selectPeopleConcerned(q, ctx.organizationId, recordingId),
  ]);
  if (!row || !['failed', 'lost'].includes(row.state)) return;
  const outcomes = await mapSettled(people, (person) => mailPerson(ctx, row, person, delivery.id));
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  // An address that is refused for good must not keep the other from the next attempt.
  const failure = failures.find((reason) => !(reason instanceof PermanentFailure)) ?? failures[0];
  if (failure) throw failure;
}
