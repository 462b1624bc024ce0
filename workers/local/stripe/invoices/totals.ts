import type { Account } from '../account/account.ts';
import type { Invoice, Line } from '../account/stored.ts';
import { discountLines, liveDiscounts } from '../catalog/discounts.ts';
import { taxLines } from '../catalog/tax.ts';

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

type Part = { amount: number };

/** Adds up parts of lines that have the same key. */
function totalBy<P extends Part>(parts: readonly P[], keyOf: (part: P) => string): P[] {
  const totals = new Map<string, P>();
  for (const part of parts) {
    const key = keyOf(part);
    const before = totals.get(key);
    totals.set(key, before ? { ...before, amount: before.amount + part.amount } : part);
  }
  return [...totals.values()];
}

function totalTaxes(lines: readonly Line[]): NonNullable<Invoice['total_taxes']> {
  const totals = new Map<string, NonNullable<Invoice['total_taxes']>[number]>();
  for (const tax of lines.flatMap((line) => line.taxes ?? [])) {
    const key = `${tax.tax_rate_details?.tax_rate}:${tax.taxability_reason}`;
    const before = totals.get(key);
    const taxable_amount = (before?.taxable_amount ?? 0) + (tax.taxable_amount ?? 0);
    totals.set(key, { ...tax, amount: (before?.amount ?? 0) + tax.amount, taxable_amount });
  }
  return [...totals.values()];
}

/**
 * The invoice with its lines and every sum that follows from them. Sum of lines − discounts + exclusive taxes = total; what
 * the customer's balance adds or takes is fixed when the invoice is made final.
 */
export function withTotals(
  account: Account,
  invoice: Invoice,
  lines: readonly Line[],
  taxRates: readonly string[],
): Invoice {
  const discounts = liveDiscounts(account, invoice.discounts, invoice.created);
  const customer = invoice.customer as string;
  const context = { customer, automatic: invoice.automatic_tax.enabled, rates: taxRates };
  const complete = taxLines(account, discountLines(account, lines, discounts), context).map((line) => ({
    ...line,
    invoice: invoice.id,
  }));
  const discounted = totalBy(
    complete.flatMap((line) => line.discount_amounts ?? []),
    (part) => part.discount,
  );
  const taxes = totalTaxes(complete);
  const subtotal = sum(complete.map((line) => line.amount));
  const net = subtotal - sum(discounted.map((part) => part.amount));
  const exclusive = sum(taxes.filter((tax) => tax.tax_behavior === 'exclusive').map((tax) => tax.amount));
  const inclusive = sum(taxes.filter((tax) => tax.tax_behavior === 'inclusive').map((tax) => tax.amount));
  const total = net + exclusive;
  const balance = account.store.get('customer', customer).balance;
  const due = Math.max(0, total + balance);
  return {
    ...invoice,
    amount_due: due,
    amount_remaining: due,
    lines: { object: 'list', data: complete, has_more: false, url: `/v1/invoices/${invoice.id}/lines` },
    starting_balance: balance,
    subtotal,
    subtotal_excluding_tax: subtotal - inclusive,
    total,
    total_discount_amounts: discounted,
    total_excluding_tax: net - inclusive,
    total_taxes: taxes,
  };
}
