import type { Account } from '../account/account.ts';
import { divideRounded } from '../../stand-in/rounding.ts';
import type { InvoiceItem, Item, Line, Price, Subscription } from '../account/stored.ts';
import { amountOf } from '../catalog/amounts.ts';
import { isMetered } from './items.ts';

const dayOf = (moment: number) => new Date(moment * 1000).toUTCString().slice(5, 16);

interface Part {
  item: Item;
  price: Price;
  quantity: number;
  /** Whether the time is given back or charged. */
  sign: 1 | -1;
}

/** The invoice line that charged an item for this period; undefined while the charge itself still waits for an invoice. */
function chargedLine(account: Account, { item, price, quantity }: Part): Line | undefined {
  const isCharge = (line: Line) =>
    line.parent?.subscription_item_details?.subscription_item === item.id &&
    line.amount > 0 &&
    line.period.end === item.current_period_end &&
    line.pricing?.price_details?.price === price.id &&
    line.quantity === quantity;
  const invoices = account.store.all('invoice').toReversed();
  return invoices.flatMap((invoice) => invoice.lines.data).find(isCharge);
}

/** The rest of the period's amount. What is given back had the discounts of its charge. */
function restOf(part: Part, charged: Line | undefined, at: number): number {
  const { current_period_start: start, current_period_end: end } = part.item;
  const gross = charged?.amount ?? 1;
  const off = (charged?.discount_amounts ?? []).reduce((sum, each) => sum + each.amount, 0);
  const rest =
    BigInt(amountOf(part.price, part.quantity)) * BigInt(Math.max(0, end - at)) * BigInt(gross - off);
  return part.sign * divideRounded(rest, BigInt(end - start) * BigInt(gross));
}

/** A pending item for the rest of the period, by the second. */
function pendingPart(account: Account, subscription: Subscription, part: Part, at: number): InvoiceItem {
  const { item, price, quantity, sign } = part;
  const charged = sign === -1 ? chargedLine(account, part) : undefined;
  const amount = restOf(part, charged, at);
  const { name } = account.store.get('product', price.product);
  const verb = sign === -1 ? 'Unused' : 'Remaining';
  return account.create<InvoiceItem>({
    id: account.store.newId('ii'),
    object: 'invoiceitem',
    amount,
    currency: price.currency,
    customer: subscription.customer,
    customer_account: null,
    date: at,
    description: `${verb} time on ${quantity} × ${name} after ${dayOf(at)}`,
    discountable: charged === undefined,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: {},
    net_amount: amount,
    parent: {
      type: 'subscription_details',
      subscription_details: { subscription: subscription.id, subscription_item: item.id },
    },
    period: { start: at, end: item.current_period_end },
    pricing: {
      type: 'price_details',
      price_details: { price: price.id, product: price.product },
      unit_amount_decimal: price.unit_amount_decimal,
    },
    proration: true,
    quantity,
    quantity_decimal: String(quantity),
    subscription_item: item.id,
    tax_rates: [],
    test_clock: subscription.test_clock,
  });
}

/** Gives back the rest of the period of licensed items. */
export function creditUnused(
  account: Account,
  subscription: Subscription,
  items: readonly Item[],
  at: number,
): void {
  for (const item of items)
    if (!isMetered(item.price))
      pendingPart(
        account,
        subscription,
        { item, price: item.price, quantity: item.quantity ?? 1, sign: -1 },
        at,
      );
}

/** Charges the rest of the period of licensed items. */
function chargeRemaining(
  account: Account,
  subscription: Subscription,
  items: readonly Item[],
  at: number,
): void {
  for (const item of items)
    if (!isMetered(item.price))
      pendingPart(
        account,
        subscription,
        { item, price: item.price, quantity: item.quantity ?? 1, sign: 1 },
        at,
      );
}

/** A pair of pending items, credit and charge, for each item that differs between before and after. */
export function prorate(
  account: Account,
  subscription: Subscription,
  { before, after, at }: { before: readonly Item[]; after: readonly Item[]; at: number },
): void {
  const isIn = (items: readonly Item[], item: Item) =>
    items.some(
      (each) => each.id === item.id && each.price.id === item.price.id && each.quantity === item.quantity,
    );
  for (const item of before) {
    if (isIn(after, item)) continue;
    creditUnused(account, subscription, [item], at);
    chargeRemaining(
      account,
      subscription,
      after.filter((each) => each.id === item.id),
      at,
    );
  }
  const isNew = (item: Item) => !before.some((each) => each.id === item.id);
  chargeRemaining(account, subscription, after.filter(isNew), at);
}
