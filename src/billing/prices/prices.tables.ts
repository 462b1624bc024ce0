import { sql } from 'drizzle-orm';
import { bigint, check, index, pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt, id, utcTimestamp } from '../../kernel/db/index.ts';
import type { PricedService } from './prices.enums.ts';

/**
 * Prices that providers charge for the usage of the product, in USD. Rows are never changed: a new price is a new row.
 * A price that a cost line refers to cannot be deleted; the trigger `refuse_price_change` ensures both.
 */
export const priceVersions = pgTable(
  'price_versions',
  {
    id: id('id').primaryKey(),
    meter: text('meter').notNull(),
    /** The value that the dimension of this name must have; null for any, and for usage without it. */
    provider: text('provider'),
    region: text('region'),
    model: text('model'),
    /** `batch` for usage in batches of requests; null for all other usage. Unlike the others it is never left open. */
    service: text('service').$type<PricedService>(),
    /** In billionths of a USD, for `unitQuantity` base units of the meter. */
    nanos: bigint('nanos', { mode: 'bigint' }).notNull(),
    unitQuantity: bigint('unit_quantity', { mode: 'bigint' }).notNull(),
    effectiveFrom: utcTimestamp('effective_from').notNull(),
    /** Null for a price that lasts until the next one of the same meter, provider, region, model and service. */
    effectiveTo: utcTimestamp('effective_to'),
    /** The source of the price: a contract, a price list, a package with its version. */
    source: text('source').notNull(),
    createdAt: createdAt(),
    /** The order in which prices were stored: of two with the same start the later one counts. */
    seq: bigint('seq', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
  },
  (t) => [
    index('price_versions_key_idx').on(t.meter, t.model, t.provider, t.region, t.effectiveFrom),
    check('price_versions_service_check', sql`${t.service} in ('batch')`),
    check('price_versions_nanos_check', sql`${t.nanos} >= 0`),
    check('price_versions_unit_quantity_check', sql`${t.unitQuantity} > 0`),
    check('price_versions_effective_check', sql`${t.effectiveTo} > ${t.effectiveFrom}`),
  ],
);

/** A price without the fields that the database adds. */
export type StoredPrice = Omit<typeof priceVersions.$inferSelect, 'seq'>;
