import { bigint, check, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import {
  createdAt,
  enumCheck,
  enumColumn,
  id,
  updatedAt,
  utcTimestamp,
  version,
} from '../../kernel/db/index.ts';
import { INVOICE_STATUSES, PROVIDER_NAMES } from '../providers/index.ts';
import type { StoredCreditNote, StoredLine, StoredRefund } from './invoices.schemas.ts';

const micros = (name: string) => bigint(name, { mode: 'bigint' }).notNull();

/** The invoices of organizations, as their providers last had them. Amounts are micro-units. */
export const invoices = pgTable(
  'invoices',
  {
    /** Made from the provider's id and the time of the invoice's creation there, so that ids sort by that time. */
    id: id('id').primaryKey(),
    organizationId: tenant(),
    provider: enumColumn('provider', PROVIDER_NAMES).notNull(),
    providerInvoiceId: text('provider_invoice_id').notNull(),
    providerSubscriptionId: text('provider_subscription_id'),
    /** Null while it is a draft. */
    number: text('number'),
    status: enumColumn('status', INVOICE_STATUSES).notNull(),
    currency: text('currency').notNull(),
    subtotal: micros('subtotal'),
    discount: micros('discount'),
    tax: micros('tax'),
    total: micros('total'),
    fromBalance: micros('from_balance'),
    creditedBeforePayment: micros('credited_before_payment'),
    due: micros('due'),
    paid: micros('paid'),
    remaining: micros('remaining'),
    creditedAfterPayment: micros('credited_after_payment'),
    refunded: micros('refunded'),
    lines: jsonb('lines').$type<StoredLine[]>().notNull(),
    creditNotes: jsonb('credit_notes').$type<StoredCreditNote[]>().notNull(),
    refunds: jsonb('refunds').$type<StoredRefund[]>().notNull(),
    attempts: integer('attempts').notNull(),
    nextAttemptAt: utcTimestamp('next_attempt_at'),
    issuedAt: utcTimestamp('issued_at'),
    dueAt: utcTimestamp('due_at'),
    paidAt: utcTimestamp('paid_at'),
    /** At the provider. */
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    uniqueIndex('invoices_provider_key').on(t.provider, t.providerInvoiceId),
    index('invoices_organization_id_idx').on(t.organizationId, t.id),
    index('invoices_paid_at_idx').on(t.paidAt),
    enumCheck('invoices_provider_check', t.provider, PROVIDER_NAMES),
    enumCheck('invoices_status_check', t.status, INVOICE_STATUSES),
    check('invoices_total_check', sql`${t.subtotal} - ${t.discount} + ${t.tax} = ${t.total}`),
  ],
);

/** When the invoices of an organization's customer were last read again, or an attempt was made. */
export const invoiceReconciliations = pgTable(
  'invoice_reconciliations',
  {
    organizationId: tenant().primaryKey(),
    attemptedAt: utcTimestamp('attempted_at').notNull(),
    /** The last time that the due invoices were known, and were read or are in `unread`; null for never. */
    succeededAt: utcTimestamp('succeeded_at'),
    /** Ids at the provider of due invoices that could not be read: they are read the next day. */
    unread: text('unread').array().notNull().default([]),
  },
  (t) => [index('invoice_reconciliations_attempted_at_idx').on(t.attemptedAt)],
);
