import type { Ctx } from '../../kernel/context/index.ts';
import type { MailContent } from '../../platform/mail/index.ts';
import { type FailureKind, mailPeople, type PersonConcerned } from '../recording-notices/index.ts';

/** How often a mail that is to be sent once may be tried: again after an error, but not for ever if it fails in a loop. */
const ATTEMPTS = { name: 'failure-mail-attempts', limit: 3, windowSeconds: 86_400 };

/** Mails people once about a subject, and leaves out what fails again and again before it takes of their organization's budget. */
export async function mailOnce<T extends PersonConcerned>(
  ctx: Ctx,
  request: { people: readonly T[]; subjectId: string; kind: FailureKind },
  write: (person: T) => MailContent,
): Promise<void> {
  if (request.people.length === 0) return;
  const subject = `failure-mail:${request.subjectId}`;
  const { admitted } = await ctx.ports.limiter.take({ owner: ctx.organizationId, subject }, ATTEMPTS);
  if (admitted) await mailPeople(ctx, request, write);
}
