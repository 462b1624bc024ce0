import { and, asc, desc, eq, gte, inArray, isNull, lt, lte, or, sql } from 'drizzle-orm';
import { changeVersioned, isBefore, type Queries } from '../../kernel/db/index.ts';
import type { ProviderName } from '../providers/index.ts';
import { billingCustomers } from '../customers/customers.tables.ts';
import { subscriptions } from '../subscriptions/subscriptions.tables.ts';
import type { InvoiceRow, InvoiceState } from './invoices.rules.ts';
import type { ListInvoicesQuery } from './invoices.schemas.ts';
import { invoiceReconciliations, invoices } from './invoices.tables.ts';

/** The organization of a provider's customer. */
export const selectOrganizationOf = (q: Queries, provider: ProviderName, customerId: string) =>
  q
    .select({ organizationId: billingCustomers.organizationId })
    .from(billingCustomers)
    .where(and(eq(billingCustomers.provider, provider), eq(billingCustomers.customerId, customerId)));

export const selectProviderInvoice = (q: Queries, provider: ProviderName, providerInvoiceId: string) =>
  q
    .select()
    .from(invoices)
    .where(and(eq(invoices.provider, provider), eq(invoices.providerInvoiceId, providerInvoiceId)));

export const selectInvoice = (q: Queries, organizationId: string, id: string) =>
  q
    .select()
    .from(invoices)
    .where(and(eq(invoices.organizationId, organizationId), eq(invoices.id, id)));

/** A page of invoices, the newest first. */
export const selectInvoices = (
  q: Queries,
  organizationId: string,
  { status, from, to, limit }: ListInvoicesQuery,
  before: string | undefined,
) =>
  q
    .select()
    .from(invoices)
    .where(
      and(
        eq(invoices.organizationId, organizationId),
        status && eq(invoices.status, status),
        from === undefined ? undefined : gte(invoices.createdAt, new Date(from)),
        to === undefined ? undefined : lt(invoices.createdAt, new Date(to)),
        isBefore(invoices.id, before),
      ),
    )
    .orderBy(desc(invoices.id))
    .limit(limit + 1);

/** Stores a new invoice; a known one violates a key. */
export const insertInvoice = (q: Queries, row: InvoiceRow) => q.insert(invoices).values(row);

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeInvoice = (q: Queries, row: InvoiceRow, set: InvoiceState & { updatedAt: Date }) =>
  changeVersioned(q, invoices, row, set);

/** Deletes a draft that the provider deleted. */
export const deleteDraft = (q: Queries, { organizationId, id }: InvoiceRow) =>
  q
    .delete(invoices)
    .where(
      and(eq(invoices.organizationId, organizationId), eq(invoices.id, id), eq(invoices.status, 'draft')),
    );

/** The customer of an organization, with its subscription that has not ended. */
export const selectCustomerAndSubscription = (q: Queries, organizationId: string) =>
  q
    .select({
      provider: billingCustomers.provider,
      customerId: billingCustomers.customerId,
      subscriptionId: subscriptions.providerSubscriptionId,
    })
    .from(billingCustomers)
    .leftJoin(
      subscriptions,
      and(eq(subscriptions.organizationId, billingCustomers.organizationId), isNull(subscriptions.endedAt)),
    )
    .where(eq(billingCustomers.organizationId, organizationId));

/** More than the invoices that wait for a payment, or become a week older, in a day. */
const MAX_READ = 200;
const WEEK_SECONDS = 604_800;

/** Whole weeks since an invoice was created. */
const weeksAt = (moment: Date) =>
  sql`floor(extract(epoch from ${moment.toISOString()}::timestamptz - ${invoices.createdAt}) / ${sql.raw(String(WEEK_SECONDS))})`;

/**
 * Invoices of an organization to read again: those that can still change, and each other one once a week, when it has
 * become a week older since the last reading.
 * @param lastAt when all of them were last read; null for never
 */
export const selectToRead = (q: Queries, organizationId: string, lastAt: Date | null, now: Date) =>
  q
    .select({ provider: invoices.provider, providerInvoiceId: invoices.providerInvoiceId })
    .from(invoices)
    .where(
      and(
        eq(invoices.organizationId, organizationId),
        or(
          inArray(invoices.status, ['draft', 'open']),
          lastAt === null ? sql`true` : sql`${weeksAt(now)} > ${weeksAt(lastAt)}`,
        ),
      ),
    )
    .orderBy(sql`${invoices.status} in ('draft', 'open') desc`, desc(invoices.id))
    .limit(MAX_READ);

/** Customers whose invoices were not read again since `before`, the longest waiting first. */
export const selectToReconcile = (q: Queries, before: Date, limit: number) =>
  q
    .select({
      organizationId: billingCustomers.organizationId,
      provider: billingCustomers.provider,
      customerId: billingCustomers.customerId,
      lastAt: invoiceReconciliations.succeededAt,
      unread: invoiceReconciliations.unread,
    })
    .from(billingCustomers)
    .leftJoin(
      invoiceReconciliations,
      eq(invoiceReconciliations.organizationId, billingCustomers.organizationId),
    )
    .where(or(isNull(invoiceReconciliations.attemptedAt), lte(invoiceReconciliations.attemptedAt, before)))
    .orderBy(sql`${invoiceReconciliations.attemptedAt} asc nulls first`, asc(billingCustomers.organizationId))
    .limit(limit);

/** Notes that the due invoices were read again, except those in `unread`. */
export const markSucceeded = (q: Queries, organizationId: string, now: Date, unread: string[]) =>
  q
    .update(invoiceReconciliations)
    .set({ succeededAt: now, unread })
    .where(eq(invoiceReconciliations.organizationId, organizationId));

export function markAttempted(q: Queries, organizationId: string, now: Date) {
  const set = { attemptedAt: now };
  return q
    .insert(invoiceReconciliations)
    .values({ organizationId, ...set })
    .onConflictDoUpdate({ target: invoiceReconciliations.organizationId, set });
}
