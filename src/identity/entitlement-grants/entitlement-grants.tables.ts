import { sql } from 'drizzle-orm';
import { bigint, check, index, pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt, enumCheck, enumColumn, id, utcTimestamp } from '../../kernel/db/index.ts';
import { GRANT_KINDS } from '../entitlements/index.ts';
import { tenant } from '../organizations/organizations.tables.ts';

/** Grants of an operator to an organization in addition to its plan. */
export const entitlementGrants = pgTable(
  'entitlement_grants',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    kind: enumColumn('kind', GRANT_KINDS).notNull(),
    /** Name of the limit, the feature or the meter. */
    name: text('name').notNull(),
    value: bigint('value', { mode: 'number' }).notNull(),
    reason: text('reason').notNull(),
    startsAt: utcTimestamp('starts_at').notNull(),
    /** Null for a grant without an end. */
    endsAt: utcTimestamp('ends_at'),
    revokedAt: utcTimestamp('revoked_at'),
    revokedReason: text('revoked_reason'),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index('entitlement_grants_organization_id_idx').on(t.organizationId, t.id),
    enumCheck('entitlement_grants_kind_check', t.kind, GRANT_KINDS),
    check('entitlement_grants_value_check', sql`${t.value} >= 0`),
  ],
);
