import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { type AppliedInvoice, applyInvoice } from './apply-invoice.ts';
import type { CreditInput } from './credit.schemas.ts';
import { invoiceErrors } from './invoices.errors.ts';
import { presentInvoice, presentInvoiceDetail } from './invoices.present.ts';
import { selectInvoice } from './invoices.queries.ts';
import { creditable, type InvoiceRow } from './invoices.rules.ts';
import type { InvoiceDetailView } from './invoices.schemas.ts';
import { requireProvider } from './read-invoices.ts';

/** @throws AppError `invoices.not_creditable`, `invoices.credit_too_large` */
function requireAmount(row: InvoiceRow, { as, amountMicros }: CreditInput): bigint {
  const most = creditable(row, as);
  if (most === 0n)
    throw invoiceErrors.notCreditable({
      detail:
        as === 'due' ? 'no amount of it is due' : 'everything that was paid for it was given back already',
    });
  const amount = amountMicros === undefined ? most : BigInt(amountMicros);
  if (amount > most)
    throw invoiceErrors.creditTooLarge({
      detail: `at most ${most} micro-units of ${row.currency} can be credited in this way`,
    });
  return amount;
}

const creditsOf = (row: InvoiceRow) => {
  const { credited, refunded } = presentInvoice(row);
  return { credited, refunded };
};

/** Makes the credit note, unless the invoice has one with the key. */
async function creditOnce(
  ctx: Ctx,
  { row, truth }: AppliedInvoice,
  input: CreditInput,
  key: string,
): Promise<void> {
  if (truth.creditNotes.some((note) => note.key === key)) return;
  const { as, reason: memo, providerReason: reason = null } = input;
  await ctx.ports.payments.of(row.provider, ctx.trace).creditInvoice({
    invoiceId: row.providerInvoiceId,
    amount: requireAmount(row, input),
    currency: row.currency,
    as,
    reason,
    memo,
    key,
  });
}

/**
 * Gives back what an organization paid for an invoice, or lowers the amount due, by a credit note of its provider. A
 * repeated request with the same key makes no second credit note, even if the first was interrupted: the credit note
 * contains the key.
 * @param requestKey identifies the request of the operator
 * @throws AppError `invoices.not_found`, `invoices.not_creditable`, `invoices.credit_too_large`,
 * `billing.provider_refused` …
 */
export async function creditInvoice(
  ctx: Ctx,
  { organizationId, invoiceId }: { organizationId: string; invoiceId: string },
  input: CreditInput,
  requestKey: string,
): Promise<InvoiceDetailView> {
  requireProvider(ctx);
  // The operator acts in the scope of the organization, so that its audit log shows the change.
  const scope = systemScopeOf(organizationId);
  const [[found]] = await ctx.read((q) => [selectInvoice(q, organizationId, invoiceId)], scope);
  if (!found) throw invoiceErrors.notFound();
  const { provider: name, providerInvoiceId } = found;
  const key = `credit/${invoiceId}/${await ctx.hasher.hash('credit', requestKey)}`;
  // The stored row may be older than the provider's data, and money must not be given back twice.
  const before = await applyInvoice(ctx, name, providerInvoiceId);
  if (!before) throw invoiceErrors.notFound();
  await creditOnce(ctx, before, input, key);
  const after = await applyInvoice(ctx, name, providerInvoiceId);
  if (!after) throw invoiceErrors.notFound();
  return ctx.commit({
    scope,
    write: () => [],
    audit: {
      action: 'invoice.credited',
      severity: 'warning',
      target: { type: 'invoice', id: invoiceId },
      before: creditsOf(before.row),
      after: { ...creditsOf(after.row), as: input.as, reason: input.reason },
    },
    result: presentInvoiceDetail(after.row, after.truth.invoice),
  });
}
