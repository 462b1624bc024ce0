import type { Ctx } from '../../kernel/context/index.ts';
import { type MailContent, sendMails } from '../../platform/mail/index.ts';
import type { selectContacts } from './contacts.queries.ts';

/** Number of owners and administrators who get a mail. */
export const MAX_CONTACTS = 20;

/** Somebody who gets mails about billing. */
export type BillingContact = Awaited<ReturnType<typeof selectContacts>>[number];

/**
 * Sends a mail to each contact. A repetition with the same key gives none of them a second one.
 * @param key the delivery that sends it
 * @throws the error of the mail provider, see `sendMails`
 */
export async function mailContacts(
  ctx: Ctx,
  contacts: readonly BillingContact[],
  key: string,
  toContent: (contact: BillingContact) => MailContent,
): Promise<void> {
  const mails = contacts.map((contact) => ({
    to: contact.email,
    content: toContent(contact),
    key: `${key}.${contact.userId}`,
  }));
  await sendMails(ctx, mails, { kind: 'billing' });
}
