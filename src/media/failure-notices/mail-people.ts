import type { Ctx } from '../../kernel/context/index.ts';
import { budgetOnPlan, MAIL_BUDGETS, type MailContent, sendMails } from '../../platform/mail/index.ts';

/** How often a mail that is to be sent once may be tried: again after an error, but not for ever if it fails in a loop. */
const ATTEMPTS = { name: 'failure-mail-attempts', limit: 3, windowSeconds: 86_400 };

/** A member who gets a mail about something that failed. */
interface PersonConcerned {
  userId: string;
  email: string;
  plan: string;
}

const BUDGETS = {
  recording: MAIL_BUDGETS.recordingMails,
  stream: MAIL_BUDGETS.streamMails,
  ingress: MAIL_BUDGETS.ingressMails,
  phone_call: MAIL_BUDGETS.phoneCallMails,
  compression: MAIL_BUDGETS.compressionMails,
} as const;

interface MailRequest<T> {
  people: readonly T[];
  /** Id of what failed: a repeated delivery sends no second mail about it. */
  subjectId: string;
  kind: keyof typeof BUDGETS;
}

/** Mails each of the people once, within the budget of their organization. */
export async function mailPeople<T extends PersonConcerned>(
  ctx: Ctx,
  { people, subjectId, kind }: MailRequest<T>,
  write: (person: T) => MailContent,
): Promise<void> {
  const mails = people.map((person) => ({
    to: person.email,
    content: write(person),
    key: `${subjectId}.failed.${person.userId}`,
  }));
  await sendMails(ctx, mails, { kind, budget: budgetOnPlan(BUDGETS[kind], people[0]?.plan ?? null) });
}

/** Mails people once about a subject, and leaves out what fails again and again before it takes of their organization's budget. */
export async function mailOnce<T extends PersonConcerned>(
  ctx: Ctx,
  request: MailRequest<T>,
  write: (person: T) => MailContent,
): Promise<void> {
  if (request.people.length === 0) return;
  const subject = `failure-mail:${request.subjectId}`;
  const { admitted } = await ctx.ports.limiter.take({ owner: ctx.organizationId, subject }, ATTEMPTS);
  if (admitted) await mailPeople(ctx, request, write);
}
