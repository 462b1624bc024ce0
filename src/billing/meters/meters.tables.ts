import { bigint, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { createdAt } from '../../kernel/db/index.ts';

/** Meters that organizations defined themselves. Those of the product are declared in code. */
export const usageMeters = pgTable(
  'usage_meters',
  {
    organizationId: tenant(),
    /** Has a dot, which no meter of the product has: `acme.documents`. */
    name: text('name').notNull(),
    unit: text('unit').notNull(),
    /** How many base units make one unit of what is shown to people. */
    unitQuantity: bigint('unit_quantity', { mode: 'number' }).notNull(),
    description: text('description').notNull(),
    /** Names of dimensions that its events can have. */
    dimensions: text('dimensions').array().notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ name: 'usage_meters_name_key', columns: [t.organizationId, t.name] })],
);
