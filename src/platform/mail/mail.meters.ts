import { defineMeter } from '../../kernel/modules/index.ts';
import { mailsSent } from './mail.events.ts';

/** A mail that was sent stays sent: the event is the fact. */
export const sentMails = defineMeter({
  name: 'mails',
  feature: 'mail',
  unit: 'count',
  unitQuantity: 1,
  description:
    'Mails of the organization that the mail provider took, each once. Mails about an account, such as a new password, are not counted.',
  dimensions: ['kind'],
  event: mailsSent,
  read: async (_ctx, { kind, causedBy, sentAt, keys }) =>
    keys.map((key) => ({
      key,
      occurredAtMs: Date.parse(sentAt),
      quantity: 1,
      version: 1,
      dimensions: { kind },
      userId: causedBy,
    })),
});
