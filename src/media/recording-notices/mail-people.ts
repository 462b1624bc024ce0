import type { Ctx } from '../../kernel/context/index.ts';
import { budgetOnPlan, MAIL_BUDGETS, type MailContent, sendMails } from '../../platform/mail/index.ts';

/** A member who gets a mail about something that failed. */
export interface PersonConcerned {
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
export type FailureKind = keyof typeof BUDGETS;

interface MailRequest<T> {
  people: readonly T[];
  /** Id of what failed: a repeated delivery sends no second mail about it. */
  subjectId: string;
  kind: FailureKind;
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
