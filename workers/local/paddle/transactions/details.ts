import { divideRounded } from '../../stand-in/rounding.ts';
import type { Account } from '../account/account.ts';
import type { Details, Discount, LineInput, LineItem, Totals } from '../account/stored.ts';
import { availableCredit } from '../customers/balance.ts';
import { present } from '../http/present.ts';
import { rateText, taxRate } from './tax.ts';

/** The amount due, by one customer. */
export interface Bill {
  customer: string | null;
  address: string | null;
  business: string | null;
  currency: string;
  discount: Discount | null;
  lines: readonly LineInput[];
}

/** Minor units. */
interface Amounts {
  subtotal: number;
  discount: number;
  tax: number;
  total: number;
}

const ZERO: Amounts = { subtotal: 0, discount: 0, tax: 0, total: 0 };
const TEN_THOUSAND = 10_000n;

const plus = (one: Amounts, other: Amounts): Amounts => ({
  subtotal: one.subtotal + other.subtotal,
  discount: one.discount + other.discount,
  tax: one.tax + other.tax,
  total: one.total + other.total,
});

const toTotals = ({ subtotal, discount, tax, total }: Amounts): Totals => ({
  subtotal: String(subtotal),
  discount: String(discount),
  tax: String(tax),
  total: String(total),
});

/** The amount of a line before discount and tax. */
function grossOf({ price, quantity, sign, share, isTrial }: LineInput): number {
  if (isTrial) return 0;
  const whole = BigInt(price.unit_price.amount) * BigInt(quantity) * BigInt(sign);
  return share === null ? Number(whole) : divideRounded(whole * BigInt(share.left), BigInt(share.whole));
}

/** A flat discount is taken from the lines of whole periods in their order; a percentage from every line. */
function discountOf(discount: Discount | null, line: LineInput, gross: number, flatLeft: number): number {
  if (discount === null) return 0;
  if (discount.type === 'percentage')
    return divideRounded(BigInt(gross) * BigInt(Math.round(Number(discount.amount) * 100)), TEN_THOUSAND);
  if (line.share !== null || gross <= 0) return 0;
  return Math.min(
    gross,
    discount.type === 'flat_per_seat' ? Number(discount.amount) * line.quantity : flatLeft,
  );
}

function amountsOf(line: LineInput, rate: bigint, gross: number, off: number): Amounts {
  const base = BigInt(gross - off);
  if (line.price.tax_mode === 'internal') {
    const tax = divideRounded(base * rate, TEN_THOUSAND + rate);
    return { subtotal: gross - tax, discount: off, tax, total: gross - off };
  }
  const tax = divideRounded(base * rate, TEN_THOUSAND);
  return { subtotal: gross, discount: off, tax, total: gross - off + tax };
}

function lineItem(account: Account, line: LineInput, rate: bigint, amounts: Amounts): LineItem {
  const { price, quantity, sign, share } = line;
  const unit = Number(price.unit_price.amount);
  const unitTotals = amountsOf(line, rate, line.isTrial ? 0 : unit, 0);
  return {
    id: account.newId('txnitm'),
    price_id: price.id,
    quantity: quantity * sign,
    proration: share && { rate: String(share.left / share.whole), billing_period: share.span },
    tax_rate: rateText(rate),
    unit_totals: toTotals(unitTotals),
    totals: toTotals(amounts),
    product: present(account.store.get('product', price.product_id)),
  };
}

/** The lines with their totals, and the amount due after the customer's credit. */
export function detailsOf(account: Account, bill: Bill): Details {
  const rate = taxRate(account, bill.address, bill.business);
  let flatLeft = bill.discount?.type === 'flat' ? Number(bill.discount.amount) : 0;
  let sum = ZERO;
  const items = bill.lines.map((line) => {
    const gross = grossOf(line);
    const off = discountOf(bill.discount, line, gross, flatLeft);
    flatLeft -= bill.discount?.type === 'flat' ? off : 0;
    const amounts = amountsOf(line, rate, gross, off);
    sum = plus(sum, amounts);
    return lineItem(account, line, rate, amounts);
  });
  const due = Math.max(0, sum.total);
  const available = bill.customer === null ? 0 : availableCredit(account, bill.customer, bill.currency);
  const credit = Math.min(available, due);
  const grand = String(due - credit);
  return {
    tax_rates_used: [{ tax_rate: rateText(rate), totals: toTotals(sum) }],
    totals: {
      ...toTotals(sum),
      credit: String(credit),
      credit_to_balance: String(Math.max(0, -sum.total)),
      balance: grand,
      grand_total: grand,
      grand_total_tax: grand === '0' ? '0' : String(sum.tax),
      fee: null,
      earnings: null,
      currency_code: bill.currency,
    },
    line_items: items,
  };
}
