import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { enumCheck, enumColumn, utcTimestamp } from '../../kernel/db/index.ts';
import { PROVIDER_NAMES } from '../providers/index.ts';

/**
 * The events of payment providers, stored before they are answered. Only the subject of an event is kept, because its
 * object is read again. They have no tenant: subscribers find the organization by the customer.
 */
export const providerEvents = pgTable(
  'provider_events',
  {
    provider: enumColumn('provider', PROVIDER_NAMES).notNull(),
    /** The provider's id of the event. */
    id: text('id').notNull(),
    /** The provider's name of the event: `customer.subscription.updated` … */
    type: text('type').notNull(),
    customerId: text('customer_id'),
    subscriptionId: text('subscription_id'),
    invoiceId: text('invoice_id'),
    occurredAt: utcTimestamp('occurred_at').notNull(),
    receivedAt: utcTimestamp('received_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.provider, t.id] }),
    index('provider_events_received_at_idx').on(t.receivedAt),
    enumCheck('provider_events_provider_check', t.provider, PROVIDER_NAMES),
  ],
);
