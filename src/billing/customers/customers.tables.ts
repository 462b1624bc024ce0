import { pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { createdAt, enumCheck, enumColumn, updatedAt, version } from '../../kernel/db/index.ts';
import { PROVIDER_NAMES } from '../providers/index.ts';

/** The customer of an organization at a payment provider, which was chosen at its first checkout. */
export const billingCustomers = pgTable(
  'billing_customers',
  {
    organizationId: tenant().primaryKey(),
    provider: enumColumn('provider', PROVIDER_NAMES).notNull(),
    customerId: text('customer_id').notNull(),
    /** The last checkout that was started; it is ended when another one starts. */
    checkoutId: text('checkout_id'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    uniqueIndex('billing_customers_customer_key').on(t.provider, t.customerId),
    enumCheck('billing_customers_provider_check', t.provider, PROVIDER_NAMES),
  ],
);
