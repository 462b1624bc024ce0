import { mailContacts, MAX_CONTACTS, selectContacts } from '../../billing/contacts/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import type { Delivery } from '../../kernel/delivery/index.ts';
import { alertMail } from './alert-mail.rules.ts';
import { selectAlert } from './ai-alerts.queries.ts';

/**
 * Mails owners and administrators that an alert was opened, if it is among the first five of its day and was not
 * resolved since. A repeated delivery gives no recipient a second mail.
 */
export async function sendAlertMail(
  ctx: Ctx,
  { alertId, resolution }: { alertId: string; resolution: string | null },
  delivery: Delivery,
): Promise<void> {
  if (resolution !== null) return;
  const { organizationId } = ctx;
  const [[alert], recipients] = await ctx.read((q) => [
    selectAlert(q, organizationId, alertId),
    selectContacts(q, organizationId, MAX_CONTACTS),
  ]);
  if (!alert?.mailed || alert.resolvedAt || recipients.length === 0) return;
  await mailContacts(ctx, recipients, delivery.id, (recipient) => alertMail(alert, recipient));
}
