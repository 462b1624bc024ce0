import { and, eq, isNull } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { billingCustomers } from '../customers/customers.tables.ts';
import { subscriptions } from '../subscriptions/subscriptions.tables.ts';

/** The customer of an organization, with its subscription that has not ended. */
export const selectPayer = (q: Queries, organizationId: string) =>
  q
    .select({
      provider: billingCustomers.provider,
      customerId: billingCustomers.customerId,
      subscriptionId: subscriptions.id,
    })
    .from(billingCustomers)
    .leftJoin(
      subscriptions,
      and(eq(subscriptions.organizationId, billingCustomers.organizationId), isNull(subscriptions.endedAt)),
    )
    .where(eq(billingCustomers.organizationId, organizationId));
