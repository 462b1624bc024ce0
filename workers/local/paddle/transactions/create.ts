import type { Account } from '../account/account.ts';
import type {
  CustomData,
  Discount,
  LineInput,
  Origin,
  Span,
  Subscription,
  Transaction,
} from '../account/stored.ts';
import { usableDiscount } from '../catalog/discounts.ts';
import { PaddleFailure } from '../http/errors.ts';
import { present } from '../http/present.ts';
import { detailsOf } from './details.ts';

export interface NewTransaction {
  customer: string | null;
  address: string | null;
  business: string | null;
  discount: Discount | null;
  lines: readonly LineInput[];
  origin: Origin;
  customData: CustomData;
  subscription: string | null;
  period: Span | null;
  /** The page that collects the payment instead of the account's own. */
  checkoutUrl?: string | undefined;
}

function currencyOf(lines: readonly LineInput[]): string {
  const currencies = [...new Set(lines.map(({ price }) => price.unit_price.currency_code))];
  if (currencies.length !== 1) throw PaddleFailure.field('items', 'must have one currency');
  return currencies[0] ?? '';
}

/** The address of a page with the transaction in its query. */
function payUrl(account: Account, id: string, page: string | undefined): string {
  const url = new URL(page ?? `${account.url}/pay`);
  url.searchParams.set('_ptxn', id);
  return url.toString();
}

/** A transaction that waits for its payment: `ready` once it is known who pays where. */
export function createTransaction(account: Account, given: NewTransaction): Transaction {
  const { customer, address, business, discount, lines } = given;
  const currency = currencyOf(lines);
  const id = account.newId('txn');
  const now = account.nowIso();
  const details = detailsOf(account, { customer, address, business, currency, discount, lines });
  return account.create<Transaction>({
    id,
    object: 'transaction',
    status: customer !== null && address !== null ? 'ready' : 'draft',
    customer_id: customer,
    address_id: address,
    business_id: business,
    custom_data: given.customData,
    currency_code: currency,
    origin: given.origin,
    subscription_id: given.subscription,
    invoice_id: null,
    invoice_number: null,
    collection_mode: 'automatic',
    discount_id: discount?.id ?? null,
    billing_details: null,
    billing_period: given.period,
    items: lines.map(({ price, quantity, sign }, index) => ({
      price: present(price),
      quantity: quantity * sign,
      proration: details.line_items[index]?.proration ?? null,
    })),
    details,
    payments: [],
    checkout: { url: given.origin === 'api' ? payUrl(account, id, given.checkoutUrl) : null },
    created_at: now,
    updated_at: now,
    billed_at: null,
    revised_at: null,
    own: { failures: 0, nextAttemptAt: null, lines: [...lines] },
  });
}

/** A transaction that a subscription bills; it is an invoice from the beginning. */
export function billSubscription(
  account: Account,
  subscription: Subscription,
  { lines, origin, period }: { lines: readonly LineInput[]; origin: Origin; period: Span },
): Transaction {
  const { id, customer_id: customer, address_id: address, business_id: business } = subscription;
  const created = createTransaction(account, {
    customer,
    address,
    business,
    discount: discountOf(account, subscription),
    lines,
    origin,
    customData: subscription.custom_data,
    subscription: id,
    period,
  });
  return markBilled(account, created.id);
}

/** The discount that a subscription has now. */
export function discountOf(account: Account, { discount }: Subscription): Discount | null {
  if (discount === null || (discount.ends_at !== null && discount.ends_at <= account.nowIso())) return null;
  return account.store.get('discount', discount.id);
}

/** Makes a transaction an invoice with a number. */
export function markBilled(account: Account, id: string): Transaction {
  const billed = {
    status: 'billed' as const,
    billed_at: account.nowIso(),
    invoice_number: account.nextInvoiceNumber(),
    invoice_id: account.newId('inv'),
  };
  return account.update('transaction', id, billed, 'billed');
}

/** Fills in what the customer says on the page. */
export function completeDraft(
  account: Account,
  id: string,
  change: { customer: string; address: string; discount: string | null; business: string | null },
): Transaction {
  const before = account.store.get('transaction', id);
  const discountId = change.discount ?? before.discount_id;
  const discount = discountId === null ? null : usableDiscount(account, discountId);
  const { customer, address } = change;
  const business = change.business ?? before.business_id;
  const details = detailsOf(account, {
    customer,
    address,
    business,
    currency: before.currency_code,
    discount,
    lines: before.own.lines,
  });
  return account.update(
    'transaction',
    id,
    {
      customer_id: customer,
      address_id: address,
      business_id: business,
      discount_id: discountId,
      details,
      status: 'ready',
    },
    before.status === 'draft' ? 'ready' : 'updated',
  );
}
