import type { Ctx } from '../../kernel/context/index.ts';
import { AppError, type Page, pageOf, readCursor, requirePermission } from '../../kernel/core/index.ts';
import type { ProviderInvoice, ProviderName } from '../providers/index.ts';
import { invoiceErrors } from './invoices.errors.ts';
import { presentInvoice, presentInvoiceDetail, presentUpcoming } from './invoices.present.ts';
import { selectCustomerAndSubscription, selectInvoice, selectInvoices } from './invoices.queries.ts';
import type { InvoiceDetailView, InvoiceView, ListInvoicesQuery, UpcomingView } from './invoices.schemas.ts';

/**
 * @throws AppError `billing.not_configured` when there is no provider, and therefore no invoice and only the free plan
 */
export const requireProvider = (ctx: Ctx): void =>
  void ctx.ports.payments.of(ctx.ports.payments.preferred, ctx.trace);

/**
 * A page of the organization's invoices, the newest first.
 * @throws AppError `auth.forbidden`, `billing.not_configured`
 */
export async function listInvoices(ctx: Ctx, query: ListInvoicesQuery): Promise<Page<InvoiceView>> {
  requirePermission(ctx.actor, 'billing:read');
  requireProvider(ctx);
  const before = readCursor(query.cursor);
  const [rows] = await ctx.read((q) => [selectInvoices(q, ctx.organizationId, query, before)]);
  const { data, nextCursor } = pageOf(rows, query.limit, ({ id }) => id);
  return { data: data.map(presentInvoice), nextCursor };
}

/** The provider's pages of an invoice, which expire; undefined while the provider cannot be reached. */
async function readLinks(
  ctx: Ctx,
  { provider, providerInvoiceId }: { provider: ProviderName; providerInvoiceId: string },
): Promise<Pick<ProviderInvoice, 'pageUrl' | 'pdfUrl'> | undefined> {
  try {
    return (await ctx.ports.payments.of(provider, ctx.trace).readInvoice(providerInvoiceId))?.invoice;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    ctx.log.warn('invoices.links_unavailable', { organizationId: ctx.organizationId, error });
    return undefined;
  }
}

/**
 * An invoice with its lines and with fresh addresses of its pages.
 * @throws AppError `auth.forbidden`, `billing.not_configured`, `invoices.not_found`
 */
export async function getInvoice(ctx: Ctx, invoiceId: string): Promise<InvoiceDetailView> {
  requirePermission(ctx.actor, 'billing:read');
  requireProvider(ctx);
  const [[row]] = await ctx.read((q) => [selectInvoice(q, ctx.organizationId, invoiceId)]);
  if (!row) throw invoiceErrors.notFound();
  return presentInvoiceDetail(row, row.status === 'draft' ? undefined : await readLinks(ctx, row));
}

/**
 * The next invoice of the organization's subscription, as it would be now.
 * @throws AppError `auth.forbidden`, `billing.not_configured`, `invoices.no_upcoming`
 */
export async function getUpcomingInvoice(ctx: Ctx): Promise<UpcomingView> {
  requirePermission(ctx.actor, 'billing:read');
  requireProvider(ctx);
  const [[customer]] = await ctx.read((q) => [selectCustomerAndSubscription(q, ctx.organizationId)]);
  if (!customer?.subscriptionId) throw invoiceErrors.noUpcoming();
  const provider = ctx.ports.payments.of(customer.provider, ctx.trace);
  const invoice = await provider.readUpcomingInvoice(customer.subscriptionId);
  if (!invoice) throw invoiceErrors.noUpcoming();
  return presentUpcoming(invoice);
}
