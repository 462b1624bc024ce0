import type { Ctx } from '../../kernel/context/index.ts';
import type { Delivery } from '../../kernel/delivery/index.ts';
import { mailContacts, MAX_CONTACTS, selectContacts } from '../contacts/index.ts';
import { CATALOG_CURRENCY } from '../providers/index.ts';
import { MAX_MAILS_PER_DAY, spendingMail } from './spending-mail.rules.ts';
import { countAlerts, selectAlerts } from './spending.queries.ts';

const DAY_MS = 86_400_000;

/**
 * Sends owners and administrators a mail that the spending limit is near or reached, unless the mails of its day are used up. A repeated
 * delivery gives no recipient a second mail.
 */
export const sendSpendingMail =
  (percent: 80 | 100) =>
  async (
    ctx: Ctx,
    { periodStartsAt, limit }: { periodStartsAt: string; limit: { amountMicros: number } },
    delivery: Delivery,
  ): Promise<void> => {
    const { organizationId } = ctx;
    const [alerts, recipients] = await ctx.read((q) => [
      selectAlerts(q, organizationId, new Date(periodStartsAt)),
      selectContacts(q, organizationId, MAX_CONTACTS),
    ]);
    const alert = alerts.find(
      (each) => each.percent === percent && each.limitMicros === BigInt(limit.amountMicros),
    );
    if (!alert || recipients.length === 0) return;
    const day = new Date(Math.floor(alert.reachedAt.getTime() / DAY_MS) * DAY_MS);
    const [[earlier]] = await ctx.read((q) => [countAlerts(q, organizationId, day, alert.reachedAt)]);
    if ((earlier?.count ?? 0) >= MAX_MAILS_PER_DAY) return;
    await mailContacts(ctx, recipients, delivery.id, (recipient) =>
      spendingMail(alert, CATALOG_CURRENCY, recipient),
    );
  };
