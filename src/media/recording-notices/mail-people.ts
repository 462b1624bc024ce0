import type { Ctx } from '../../kernel/context/index.ts';
import { mapSettled, PermanentFailure } from '../../kernel/core/index.ts';
import {
  budgetOnPlan,
  MAIL_BUDGETS,
  type MailContent,
  renderMail,
  takeMailOfOrganization,
} from '../../platform/mail/index.ts';

/** A member who gets a mail about something that failed in a call. */
export interface PersonConcerned {
  userId: string;
  name: string;
  email: string;
  roomName: string;
  organizationName: string;
  plan: string;
}

interface MailRequest<T> {
  people: readonly T[];
  /** Of what failed: a repeated delivery sends no second mail about it. */
  subjectId: string;
  budget: 'recordingMails' | 'streamMails';
}

/**
 * Mails each of the people once, as far as the budget of their organization reaches.
 */
export async function mailPeople<T extends PersonConcerned>(
  ctx: Ctx,
  { people, subjectId, budget }: MailRequest<T>,
  write: (person: T) => MailContent,
): Promise<void> {
  const mailPerson = async (person: T) => {
    const rule = budgetOnPlan(MAIL_BUDGETS[budget], person.plan);
    const { admitted } = await takeMailOfOrganization(ctx, ctx.organizationId, rule);
    if (!admitted) return ctx.log.warn('mails.left_out', { budget, userId: person.userId });
    await ctx.ports.mailer.send(
      {
        to: person.email,
        ...renderMail(write(person)),
        idempotencyKey: `${subjectId}.failed.${person.userId}`,
      },
      ctx.trace,
    );
  };
  const outcomes = await mapSettled(people, mailPerson);
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  // An address that is refused for good must not keep the other from the next attempt.
  const failure = failures.find((reason) => !(reason instanceof PermanentFailure)) ?? failures[0];
  if (failure) throw failure;
}
