import type { Ctx } from '../../kernel/context/index.ts';
import { mapSettled, PermanentFailure } from '../../kernel/core/index.ts';
import { type MailContent, renderMail } from '../../platform/mail/index.ts';
import type { selectContacts } from './contacts.queries.ts';

/** Owners and administrators that get a mail. */
export const MAX_CONTACTS = 20;

/** Somebody who gets mails about billing. */
export type BillingContact = Awaited<ReturnType<typeof selectContacts>>[number];

/**
 * Sends a mail to each contact. A repetition with the same key gives none of them a second one.
 * @param key the delivery that asks for it
 * @throws what the mail provider said, when an attempt failed that can be repeated; otherwise PermanentFailure
 */
export async function mailContacts(
  ctx: Ctx,
  contacts: readonly BillingContact[],
  key: string,
  toContent: (contact: BillingContact) => MailContent,
): Promise<void> {
  const outcomes = await mapSettled(contacts, (contact) =>
    ctx.ports.mailer.send(
      { to: contact.email, ...renderMail(toContent(contact)), idempotencyKey: `${key}.${contact.userId}` },
      ctx.trace,
    ),
  );
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  // An address that is refused for good must not keep the others from their next attempt.
  const failure = failures.find((reason) => !(reason instanceof PermanentFailure)) ?? failures[0];
  if (failure) throw failure;
}
