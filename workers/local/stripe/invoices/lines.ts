import type { Account } from '../account/account.ts';
import type { InvoiceItem, Item, Line, Price, Subscription } from '../account/stored.ts';
import { amountOf } from '../catalog/amounts.ts';
import { usageOf } from '../meters/usage.ts';

export interface Period {
  start: number;
  end: number;
}

const pricingOf = (price: Price): Line['pricing'] => ({
  type: 'price_details',
  price_details: { price: price.id, product: price.product },
  unit_amount_decimal: price.unit_amount_decimal,
});

const NO_LINE_PARTS = {
  object: 'line_item',
  discount_amounts: [],
  discountable: true,
  discounts: [],
  invoice: null,
  livemode: false,
  pretax_credit_amounts: [],
  taxes: [],
} satisfies Partial<Line>;

/** The cost of an item for a period: its quantity in advance, or its usage afterwards. */
export function itemLine(account: Account, subscription: Subscription, item: Item, period: Period): Line {
  const { price } = item;
  const isMetered = price.recurring?.usage_type === 'metered';
  const quantity = isMetered ? usageOf(account, item, subscription.customer, period) : (item.quantity ?? 1);
  const amount = amountOf(price, quantity);
  const { name } = account.store.get('product', price.product);
  return {
    ...NO_LINE_PARTS,
    id: account.store.newId('il'),
    amount,
    currency: price.currency,
    description: `${quantity} × ${name}`,
    metadata: item.metadata,
    parent: {
      type: 'subscription_item_details',
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: null,
        subscription: subscription.id,
        subscription_item: item.id,
      },
    },
    period,
    pricing: pricingOf(price),
    quantity,
    quantity_decimal: String(quantity),
    subscription: subscription.id,
    subtotal: amount,
  };
}

/** A free line for a trial. */
export function trialLine(account: Account, subscription: Subscription, item: Item, period: Period): Line {
  const line = itemLine(account, subscription, item, period);
  return { ...line, amount: 0, subtotal: 0, description: `Trial period for ${line.description}` };
}

function parentOf(item: InvoiceItem): Line['parent'] {
  const subscription = item.parent?.subscription_details?.subscription ?? null;
  const details = {
    invoice_item: item.id,
    proration: item.proration,
    proration_details: item.proration ? { credited_items: null } : null,
    subscription,
  };
  if (item.subscription_item === null)
    return { type: 'invoice_item_details', subscription_item_details: null, invoice_item_details: details };
  return {
    type: 'subscription_item_details',
    invoice_item_details: null,
    subscription_item_details: { ...details, subscription_item: item.subscription_item },
  };
}

/** A pending item as the line that it becomes. */
export const pendingLine = (account: Account, item: InvoiceItem): Line => ({
  ...NO_LINE_PARTS,
  id: account.store.newId('il'),
  amount: item.amount,
  currency: item.currency,
  description: item.description,
  discountable: item.discountable,
  metadata: item.metadata ?? {},
  parent: parentOf(item),
  period: item.period,
  pricing: item.pricing,
  quantity: item.quantity,
  quantity_decimal: item.quantity_decimal,
  subscription: item.parent?.subscription_details?.subscription ?? null,
  subtotal: item.amount,
});

/** The line with what was used until now, if it is one of usage: events may come until the invoice is final. */
export function recounted(account: Account, line: Line): Line {
  const details = line.parent?.subscription_item_details;
  if (!details || details.invoice_item !== null || details.subscription === null) return line;
  const subscription = account.store.get('subscription', details.subscription);
  const item = subscription.items.data.find((each) => each.id === details.subscription_item);
  if (item?.price.recurring?.usage_type !== 'metered' || item.price.id !== line.pricing?.price_details?.price)
    return line;
  return { ...itemLine(account, subscription, item, line.period), id: line.id, invoice: line.invoice };
}
