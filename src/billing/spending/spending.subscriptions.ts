import { entitlementsChanged } from '../../identity/entitlement-grants/index.ts';
import { organizationPlanChanged } from '../../identity/organizations/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { sendSpendingMail } from './send-spending-mail.ts';
import { settleSpending } from './settle-spending.ts';
import { limitNear, limitReached, spendingLimitChanged } from './spending.events.ts';

/** Time for several mails, or for commands to several rooms. */
const slow = { timeLimitSeconds: 45 };

export const spendingSubscriptions: readonly Subscription[] = [
  subscribe(spendingLimitChanged, 'spending.settle', (ctx) => settleSpending(ctx), slow),
  subscribe(organizationPlanChanged, 'spending.settle-after-plan-change', (ctx) => settleSpending(ctx), slow),
  subscribe(entitlementsChanged, 'spending.settle-after-grant-change', (ctx) => settleSpending(ctx), slow),
  subscribe(limitNear, 'spending.mail-near', sendSpendingMail(80), slow),
  subscribe(limitReached, 'spending.mail-reached', sendSpendingMail(100), slow),
];
