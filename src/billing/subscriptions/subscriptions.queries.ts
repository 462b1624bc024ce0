import { and, desc, eq, isNull, lte, sql } from 'drizzle-orm';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import { changeVersioned, mustChange, type Queries } from '../../kernel/db/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import type { ProviderName } from '../providers/index.ts';
import type { SubscriptionRow, SubscriptionState } from './state.rules.ts';
import { billingCustomers, subscriptions } from './subscriptions.tables.ts';

export type BillingCustomer = typeof billingCustomers.$inferSelect;

const ofProviderCustomer = (provider: ProviderName, customerId: string) =>
  and(eq(billingCustomers.provider, provider), eq(billingCustomers.customerId, customerId));

export const selectCustomer = (q: Queries, organizationId: string) =>
  q.select().from(billingCustomers).where(eq(billingCustomers.organizationId, organizationId));

/** The organization that a provider's customer is, also when it is deleted. */
export const selectOrganizationOfCustomer = (q: Queries, provider: ProviderName, customerId: string) =>
  q
    .select({ organization: organizations, customer: billingCustomers })
    .from(billingCustomers)
    .innerJoin(organizations, eq(organizations.id, billingCustomers.organizationId))
    .where(ofProviderCustomer(provider, customerId));

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

/** The subscription that has not ended of the organization that a provider's customer is. */
export const selectLiveOfCustomer = (q: Queries, provider: ProviderName, customerId: string) =>
  q
    .select({ subscription: subscriptions })
    .from(subscriptions)
    .innerJoin(billingCustomers, eq(billingCustomers.organizationId, subscriptions.organizationId))
    .where(and(ofProviderCustomer(provider, customerId), isNull(subscriptions.endedAt)));

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

/** The newest subscription of an organization; the one that has not ended before all others. */
export const selectLatest = (q: Queries, organizationId: string) =>
  q
    .select()
    .from(subscriptions)
    .where(eq(subscriptions.organizationId, organizationId))
    .orderBy(sql`${subscriptions.endedAt} is null desc`, desc(subscriptions.id))
    .limit(1);

/** The name of an organization, and the address of the user. */
export const selectBillingName = (q: Queries, organizationId: string, userId: string | null) =>
  q
    .select({
      name: organizations.name,
      plan: organizations.plan,
      email: sql<string | null>`(select ${users.email} from ${users} where ${users.id} = ${userId})`,
    })
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
  set: SubscriptionState & { updatedAt: Date },
) => changeVersioned(q, subscriptions, row, set);

/** Stores the customer of an organization, in place of one that the provider has deleted. */
export const upsertCustomer = (
  q: Queries,
  row: Pick<BillingCustomer, 'organizationId' | 'provider' | 'customerId'>,
  now: Date,
) =>
  q
    .insert(billingCustomers)
    .values({ ...row, createdAt: now, updatedAt: now })
    .onConflictDoUpdate({
      target: billingCustomers.organizationId,
      set: { customerId: row.customerId, updatedAt: now },
    });

/** Remembers the checkout that was started, unless another was remembered meanwhile. */
export function rememberCheckout(
  q: Queries,
  { organizationId, version }: Pick<BillingCustomer, 'organizationId' | 'version'>,
  checkoutId: string | null,
  now: Date,
) {
  const change = q
    .update(billingCustomers)
    .set({ checkoutId, updatedAt: now, version: sql`${billingCustomers.version} + 1` })
    .where(and(eq(billingCustomers.organizationId, organizationId), eq(billingCustomers.version, version)))
    .returning({ organizationId: billingCustomers.organizationId });
  return mustChange(q, change, requestErrors.stale);
}

/** Subscriptions in which time alone changes something, the longest due first. */
export const selectDue = (q: Queries, now: Date, limit: number) =>
  q
    .select({ subscription: subscriptions, customerId: billingCustomers.customerId })
    .from(subscriptions)
    .innerJoin(billingCustomers, eq(billingCustomers.organizationId, subscriptions.organizationId))
    .where(lte(subscriptions.dueAt, now))
    .orderBy(subscriptions.dueAt)
    .limit(limit);
