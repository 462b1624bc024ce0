import type { Account } from '../account/account.ts';
import type { InvoiceItem, Item, Price, Subscription } from '../account/stored.ts';
import { amountOf, shareOf } from '../catalog/amounts.ts';
import { isMetered } from './items.ts';

const dayOf = (moment: number) => new Date(moment * 1000).toUTCString().slice(5, 16);

interface Part {
  item: Item;
  price: Price;
  quantity: number;
  /** Whether the time is given back or charged. */
  sign: 1 | -1;
}

/** A pending item for the rest of the period, by the second. */
function pendingPart(account: Account, subscription: Subscription, part: Part, at: number): InvoiceItem {
  const { item, price, quantity, sign } = part;
  const { current_period_start: start, current_period_end: end } = item;
  const amount = sign * shareOf(amountOf(price, quantity), Math.max(0, end - at), end - start);
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
    discountable: sign === 1,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: {},
    net_amount: amount,
    parent: {
      type: 'subscription_details',
      subscription_details: { subscription: subscription.id, subscription_item: item.id },
    },
    period: { start: at, end },
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

/** Gives back what is left of the period of licensed items. */
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

/** Charges what is left of the period of licensed items. */
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
