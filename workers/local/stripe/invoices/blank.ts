import type { Account } from '../account/account.ts';
import type { Invoice, Subscription } from '../account/stored.ts';

export interface NewInvoice {
  customer: string;
  subscription: Subscription | null;
  reason: 'manual' | 'subscription_create' | 'subscription_cycle' | 'subscription_update';
  currency: string;
  period: { start: number; end: number };
  /** Whether it is made final and collected without anybody asking. */
  autoAdvance: boolean;
  collectionMethod: 'charge_automatically' | 'send_invoice';
  daysUntilDue: number | null;
  description: string | null;
  metadata: Record<string, string>;
}

const NOTHING = {
  object: 'invoice',
  account_country: 'US',
  account_name: 'AuraLink',
  account_tax_ids: null,
  amount_due: 0,
  amount_overpaid: 0,
  amount_paid: 0,
  amount_remaining: 0,
  amount_shipping: 0,
  application: null,
  attempt_count: 0,
  attempted: false,
  confirmation_secret: null,
  custom_fields: null,
  customer_account: null,
  customer_phone: null,
  customer_shipping: null,
  default_payment_method: null,
  default_source: null,
  default_tax_rates: [],
  due_date: null,
  effective_at: null,
  ending_balance: null,
  footer: null,
  from_invoice: null,
  hosted_invoice_url: null,
  invoice_pdf: null,
  issuer: { type: 'self' },
  last_finalization_error: null,
  latest_revision: null,
  livemode: false,
  next_payment_attempt: null,
  number: null,
  on_behalf_of: null,
  payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  receipt_number: null,
  rendering: null,
  shipping_cost: null,
  shipping_details: null,
  starting_balance: 0,
  statement_descriptor: null,
  status: 'draft',
  status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
  subtotal: 0,
  subtotal_excluding_tax: 0,
  total: 0,
  total_discount_amounts: [],
  total_excluding_tax: 0,
  total_pretax_credit_amounts: [],
  total_taxes: [],
  webhooks_delivered_at: null,
} satisfies Partial<Invoice>;

function customerFields(account: Account, id: string): Partial<Invoice> {
  const customer = account.store.get('customer', id, 'customer');
  const taxIds = account.store.all('tax_id').filter((each) => each.customer === id);
  return {
    customer: id,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_tax_exempt: customer.tax_exempt ?? 'none',
    customer_tax_ids: taxIds.map(({ type, value }) => ({ type, value })),
    test_clock: customer.test_clock ?? null,
  };
}

function automaticTax(enabled: boolean): Invoice['automatic_tax'] {
  const liability = enabled ? { type: 'self' } : null;
  return { disabled_reason: null, enabled, liability, provider: null, status: enabled ? 'complete' : null };
}

/** A draft without lines. */
export function blankInvoice(account: Account, params: NewInvoice): Invoice {
  const { subscription } = params;
  const now = account.nowOf(params.customer);
  const id = account.store.newId('in');
  const empty = { object: 'list' as const, data: [], has_more: false, url: `/v1/invoices/${id}/lines` };
  return {
    ...NOTHING,
    ...(customerFields(account, params.customer) as Pick<
      Invoice,
      'customer' | 'customer_address' | 'customer_email'
    > &
      Pick<Invoice, 'customer_name' | 'customer_tax_exempt' | 'test_clock'>),
    id,
    auto_advance: params.autoAdvance,
    automatic_tax: automaticTax(subscription?.automatic_tax.enabled ?? false),
    automatically_finalizes_at: params.autoAdvance ? now + account.settings.draftSeconds : null,
    billing_reason: params.reason,
    collection_method: params.collectionMethod,
    created: now,
    currency: params.currency,
    description: params.description,
    discounts: subscription?.discounts ?? [],
    due_date: params.daysUntilDue === null ? null : now + params.daysUntilDue * 86_400,
    lines: empty,
    metadata: params.metadata,
    parent: subscription && {
      quote_details: null,
      subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
      type: 'subscription_details',
    },
    payments: { object: 'list', data: [], has_more: false, url: `/v1/invoice_payments?invoice=${id}` },
    period_end: params.period.end,
    period_start: params.period.start,
  };
}

/** The subscription behind an invoice, or null. */
export const subscriptionOf = (invoice: Invoice): string | null =>
  invoice.parent?.subscription_details?.subscription ?? null;
