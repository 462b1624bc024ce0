import { index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { enumCheck, enumColumn, id, utcTimestamp } from '../../kernel/db/index.ts';
import { PROVIDER_NAMES } from '../providers/index.ts';

/** When the customer of an organization was last compared with its provider, and when the last attempt was made. */
export const billingReconciliations = pgTable(
  'billing_reconciliations',
  {
    organizationId: tenant().primaryKey(),
    /** Null while every attempt has failed. */
    reconciledAt: utcTimestamp('reconciled_at'),
    attemptedAt: utcTimestamp('attempted_at'),
  },
  (t) => [index('billing_reconciliations_reconciled_at_idx').on(t.reconciledAt)],
);

/** Repairs by the comparison, each of a missed report of the provider. Rows are added, never changed. */
export const billingRepairs = pgTable(
  'billing_repairs',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    provider: enumColumn('provider', PROVIDER_NAMES).notNull(),
    /** The provider's id of the repaired object. */
    objectId: text('object_id').notNull(),
    /** The fields that differed; empty for an object that was not known here. */
    fields: jsonb('fields').$type<string[]>().notNull(),
    repairedAt: utcTimestamp('repaired_at').notNull(),
  },
  (t) => [
    index('billing_repairs_organization_id_idx').on(t.organizationId, t.id),
    enumCheck('billing_repairs_provider_check', t.provider, PROVIDER_NAMES),
  ],
);
