import { and, desc, eq, isNull, lte, sql } from 'drizzle-orm';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { changeVersioned, type Queries } from '../../kernel/db/index.ts';
import type { ProviderName } from '../providers/index.ts';
import type { CommandState } from './commands.rules.ts';
import type { SubscriptionRow, SubscriptionState } from './state.rules.ts';
import { billingCustomers } from '../customers/customers.tables.ts';
import { subscriptions } from './subscriptions.tables.ts';

export const selectProviderSubscription = (q: Queries, provider: ProviderName, subscriptionId: string) =>
  q
    .select()
    .from(subscriptions)
    .where(
      and(eq(subscriptions.provider, provider), eq(subscriptions.providerSubscriptionId, subscriptionId)),
    );

/** The subscription of an organization that has not ended. */
export const selectLive = (q: Queries, organizationId: string) =>
  q
    .select()
    .from(subscriptions)
    .where(and(eq(subscriptions.organizationId, organizationId), isNull(subscriptions.endedAt)));

/** The subscription, not ended, of the organization of a provider's customer. */
export const selectLiveOfCustomer = (q: Queries, provider: ProviderName, customerId: string) =>
  q
    .select({ subscription: subscriptions })
    .from(subscriptions)
    .innerJoin(billingCustomers, eq(billingCustomers.organizationId, subscriptions.organizationId))
    .where(
      and(
        eq(billingCustomers.provider, provider),
        eq(billingCustomers.customerId, customerId),
        isNull(subscriptions.endedAt),
      ),
    );

/** The subscriptions of an organization at a provider, the newest first, also those that ended. */
export const selectSubscriptions = (
  q: Queries,
  organizationId: string,
  provider: ProviderName,
  limit: number,
) =>
  q
    .select()
    .from(subscriptions)
    .where(and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.provider, provider)))
    .orderBy(desc(subscriptions.id))
    .limit(limit);

/** The newest subscription of an organization; one that has not ended comes before all others. */
export const selectLatest = (q: Queries, organizationId: string) =>
  q
    .select()
    .from(subscriptions)
    .where(eq(subscriptions.organizationId, organizationId))
    .orderBy(sql`${subscriptions.endedAt} is null desc`, desc(subscriptions.id))
    .limit(1);

/** The plan of an organization, unless it is deleted. */
export const selectPlan = (q: Queries, organizationId: string) =>
  q
    .select({ plan: organizations.plan })
    .from(organizations)
    .where(and(eq(organizations.id, organizationId), isNull(organizations.deletedAt)));

export function insertSubscription(
  q: Queries,
  row: SubscriptionState &
    Pick<
      SubscriptionRow,
      'id' | 'organizationId' | 'provider' | 'providerSubscriptionId' | 'createdAt' | 'updatedAt'
    >,
) {
  return q.insert(subscriptions).values(row);
}

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeSubscription = (
  q: Queries,
  row: SubscriptionRow,
  set: SubscriptionState & Partial<CommandState> & { updatedAt: Date },
) => changeVersioned(q, subscriptions, row, set);

/** Takes a command, or ends it, if the subscription is as it was decided on; otherwise the commit fails with `request.stale`. */
export const changeCommand = (q: Queries, row: SubscriptionRow, command: CommandState) =>
  changeVersioned(q, subscriptions, row, command);

/** Notes that a command stopped without an answer, unless another one was taken since. */
export const interruptCommand = (q: Queries, { id }: Pick<SubscriptionRow, 'id'>, commandKey: string) =>
  q
    .update(subscriptions)
    .set({ isCommandInterrupted: true })
    .where(and(eq(subscriptions.id, id), eq(subscriptions.commandKey, commandKey)));

/** Subscriptions in which time alone changes something, the longest due first. */
export const selectDue = (q: Queries, now: Date, limit: number) =>
  q
    .select({ subscription: subscriptions, customerId: billingCustomers.customerId })
    .from(subscriptions)
    .innerJoin(billingCustomers, eq(billingCustomers.organizationId, subscriptions.organizationId))
    .where(lte(subscriptions.dueAt, now))
    .orderBy(subscriptions.dueAt)
    .limit(limit);
