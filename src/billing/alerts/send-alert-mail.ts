import type { Ctx } from '../../kernel/context/index.ts';
import type { Delivery } from '../../kernel/delivery/index.ts';
import { mailContacts, MAX_CONTACTS, selectContacts } from '../contacts/index.ts';
import { listMeterViews, selectOwnMeters } from '../meters/index.ts';
import { alertMail } from './alert-mail.rules.ts';
import { selectAlert, selectAlertsBetween } from './alerts.queries.ts';
import { isMailed, mailDayOf } from './alerts.rules.ts';

const DAY_MS = 86_400_000;

/**
 * Sends the mail of an alert to owners and administrators, unless the mails of its day are used up or the organization is
 * deleted. A repeated delivery gives no recipient a second mail.
 */
export async function sendAlertMail(
  ctx: Ctx,
  { meter: name, quantity, periodStartsAt }: { meter: string; quantity: number; periodStartsAt: string },
  delivery: Delivery,
): Promise<void> {
  const { organizationId } = ctx;
  const key = { meter: name, quantity, periodStartsAt: new Date(periodStartsAt) };
  const [[alert], recipients, ownMeters] = await ctx.read((q) => [
    selectAlert(q, organizationId, key),
    selectContacts(q, organizationId, MAX_CONTACTS),
    selectOwnMeters(q, organizationId),
  ]);
  const meter = listMeterViews(ctx.meters, ownMeters).find((each) => each.name === name);
  if (!alert || !meter || recipients.length === 0) return;
  const day = mailDayOf(alert.reachedAt);
  const [ofDay] = await ctx.read((q) => [
    selectAlertsBetween(q, organizationId, day, new Date(day.getTime() + DAY_MS)),
  ]);
  if (!isMailed(alert, ofDay)) return;
  await mailContacts(ctx, recipients, delivery.id, (recipient) => alertMail(alert, meter, recipient));
}
