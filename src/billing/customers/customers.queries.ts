import { and, eq } from 'drizzle-orm';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { changeVersionedBy, type Queries } from '../../kernel/db/index.ts';
import type { ProviderName } from '../providers/index.ts';
import { billingCustomers } from './customers.tables.ts';

export type BillingCustomer = typeof billingCustomers.$inferSelect;

export const selectCustomer = (q: Queries, organizationId: string) =>
  q.select().from(billingCustomers).where(eq(billingCustomers.organizationId, organizationId));

/** The organization of a provider's customer, also when it is deleted. */
export const selectOrganizationOfCustomer = (q: Queries, provider: ProviderName, customerId: string) =>
  q
    .select({ organization: organizations, customer: billingCustomers })
    .from(billingCustomers)
    .innerJoin(organizations, eq(organizations.id, billingCustomers.organizationId))
    .where(and(eq(billingCustomers.provider, provider), eq(billingCustomers.customerId, customerId)));

/** Stores the customer of an organization; it replaces only the former one, which the provider has deleted. */
export const upsertCustomer = (
  q: Queries,
  row: Pick<BillingCustomer, 'organizationId' | 'provider' | 'customerId'>,
  formerId: string | undefined,
  now: Date,
) =>
  q
    .insert(billingCustomers)
    .values({ ...row, createdAt: now, updatedAt: now })
    .onConflictDoUpdate({
      target: billingCustomers.organizationId,
      set: { customerId: row.customerId, updatedAt: now },
      setWhere: eq(billingCustomers.customerId, formerId ?? row.customerId),
    });

/** Stores the checkout that was started, unless another checkout or customer was stored in the meantime. */
export function rememberCheckout(
  q: Queries,
  { organizationId, version, customerId }: Pick<BillingCustomer, 'organizationId' | 'version' | 'customerId'>,
  checkoutId: string | null,
  now: Date,
) {
  const key = and(
    eq(billingCustomers.organizationId, organizationId),
    eq(billingCustomers.customerId, customerId),
  );
  return changeVersionedBy(q, billingCustomers, { key, version }, { checkoutId, updatedAt: now });
}
