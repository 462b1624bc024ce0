import type { Account } from '../account/account.ts';
import type { Item, Price, Rows } from '../account/stored.ts';
import { StripeFailure } from '../http/errors.ts';
import { mergeMetadata } from '../http/params.ts';
import type { ChangedItem } from './subscriptions.params.ts';

export const isMetered = (price: Price): boolean => price.recurring?.usage_type === 'metered';

export interface Period {
  start: number;
  end: number;
}

function ratesOf(account: Account, ids: readonly string[] | null | undefined): Rows['tax_rate'][] {
  return (ids ?? []).map((id) => account.store.get('tax_rate', id, 'tax_rates'));
}

function checkQuantity(price: Price, quantity: number | undefined): void {
  if (isMetered(price) && quantity !== undefined)
    throw StripeFailure.invalid('Quantity cannot be set for a metered price.', 'items[0][quantity]');
}

/** A recurring, active price. */
export function recurringPrice(account: Account, id: string): Price {
  const price = account.store.get('price', id, 'items[0][price]');
  if (price.recurring === null)
    throw StripeFailure.invalid('The price specified is set to `type=one_time`.', 'items[0][price]');
  if (!price.active) throw StripeFailure.invalid('The price specified is inactive.', 'items[0][price]');
  return price;
}

export function newItem(
  account: Account,
  subscription: string,
  params: ChangedItem,
  { period, created }: { period: Period; created: number },
): Item {
  const price = recurringPrice(account, params.price ?? '');
  checkQuantity(price, params.quantity);
  return {
    id: account.store.newId('si'),
    object: 'subscription_item',
    billing_thresholds: null,
    created,
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: null,
    discounts: [],
    metadata: mergeMetadata({}, params.metadata),
    price,
    ...(isMetered(price) ? {} : { quantity: params.quantity ?? 1 }),
    subscription,
    tax_rates: ratesOf(account, params.tax_rates),
  } as unknown as Item;
}

function changedItem(account: Account, item: Item, params: ChangedItem): Item {
  const price = params.price === undefined ? item.price : recurringPrice(account, params.price);
  checkQuantity(price, params.quantity);
  const { quantity: before, ...rest } = item;
  const quantity = params.quantity ?? before ?? 1;
  return {
    ...rest,
    price,
    ...(isMetered(price) ? {} : { quantity }),
    metadata: mergeMetadata(item.metadata, params.metadata),
    ...(params.tax_rates === undefined ? {} : { tax_rates: ratesOf(account, params.tax_rates) }),
  };
}

/** All items have one currency and one interval, as one invoice needs them. */
export function checkItems(items: readonly Item[]): void {
  const keyOf = ({ price }: Item) =>
    `${price.currency} ${price.recurring?.interval_count} ${price.recurring?.interval}`;
  if (new Set(items.map(keyOf)).size > 1)
    throw StripeFailure.invalid(
      'All prices on a subscription must have the same currency and interval.',
      'items',
    );
  if (new Set(items.map(({ price }) => price.id)).size < items.length)
    throw StripeFailure.invalid('Cannot add multiple subscription items with the same price.', 'items');
  if (items.length === 0) throw StripeFailure.invalid('A subscription must have at least one item.', 'items');
}

/** The items after a request: those it names by id are changed or removed, those without an id are added. */
export function changeItems(
  account: Account,
  subscription: Rows['subscription'],
  changes: readonly ChangedItem[],
  now: number,
): Item[] {
  let items = [...subscription.items.data];
  const [first] = items;
  const period = { start: first?.current_period_start ?? now, end: first?.current_period_end ?? now };
  for (const change of changes) {
    if (change.id === undefined) {
      items.push(newItem(account, subscription.id, change, { period, created: now }));
      continue;
    }
    if (!items.some((item) => item.id === change.id))
      throw StripeFailure.missing('subscription item', change.id, 'items[0][id]');
    items = change.deleted
      ? items.filter((item) => item.id !== change.id)
      : items.map((item) => (item.id === change.id ? changedItem(account, item, change) : item));
  }
  checkItems(items);
  return items;
}

export const itemList = (subscription: string, data: Item[]): Rows['subscription']['items'] => ({
  object: 'list',
  data,
  has_more: false,
  url: `/v1/subscription_items?subscription=${subscription}`,
});

/** The items in their next or first period. */
export const inPeriod = (items: readonly Item[], { start, end }: Period): Item[] =>
  items.map((item) => ({ ...item, current_period_start: start, current_period_end: end }));
