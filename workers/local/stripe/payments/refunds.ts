import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { Rows } from '../account/stored.ts';
import { StripeFailure } from '../http/errors.ts';
import { pageOf } from '../http/lists.ts';
import { listShape, mergeMetadata, metadata, positive, text } from '../http/params.ts';
import { route } from '../http/router.ts';

type Refund = Rows['refund'];
const reason = z.enum(['duplicate', 'fraudulent', 'requested_by_customer']);

interface NewRefund {
  payment_intent: string;
  amount?: number;
  reason?: z.output<typeof reason>;
  metadata?: Record<string, string> | null;
}

/** The amount of a payment that is not refunded yet, in minor units. */
export function refundable(account: Account, intent: string): number {
  const refunds = account.store.all('refund').filter((each) => each.payment_intent === intent);
  const { amount_received: received } = account.store.get('payment_intent', intent, 'payment_intent');
  return refunds.reduce((left, each) => left - each.amount, received);
}

/** @throws StripeFailure when more than the rest of the payment is to be refunded */
export function createRefund(account: Account, params: NewRefund): Refund {
  const intent = account.store.get('payment_intent', params.payment_intent, 'payment_intent');
  const left = refundable(account, intent.id);
  const amount = params.amount ?? left;
  if (left === 0)
    throw StripeFailure.invalid(
      'The payment has already been refunded.',
      'payment_intent',
      'charge_already_refunded',
    );
  if (amount > left || amount === 0)
    throw StripeFailure.invalid(
      `Refund amount (${amount}) is greater than unrefunded amount (${left}).`,
      'amount',
    );
  return account.create<Refund>({
    id: account.store.newId('re'),
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: null,
    created: account.nowOf(intent.customer as string),
    currency: intent.currency,
    customer: intent.customer,
    customer_account: null,
    destination_details: { card: { type: 'refund' }, type: 'card' },
    metadata: mergeMetadata({}, params.metadata),
    payment_intent: intent.id,
    payment_method: intent.payment_method,
    reason: params.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  });
}

export const refundRoutes = [
  route(
    'POST /v1/refunds',
    {
      payment_intent: text,
      amount: positive.optional(),
      reason: reason.optional(),
      metadata: metadata.optional(),
    },
    ({ account, params }) => createRefund(account, params),
  ),
  route('GET /v1/refunds', { ...listShape, payment_intent: text.optional() }, ({ account, params, path }) => {
    const rows = account.store
      .all('refund')
      .filter((each) => params.payment_intent === undefined || each.payment_intent === params.payment_intent);
    return pageOf(rows.toReversed(), path, params);
  }),
  route('GET /v1/refunds/:id', {}, ({ account, ids: [id = ''] }) => account.store.get('refund', id)),
  route(
    'GET /v1/payment_intents',
    { ...listShape, customer: text.optional() },
    ({ account, params, path }) => {
      const rows = account.store
        .all('payment_intent')
        .filter((each) => params.customer === undefined || each.customer === params.customer);
      return pageOf(rows.toReversed(), path, params);
    },
  ),
  route('GET /v1/payment_intents/:id', {}, ({ account, ids: [id = ''] }) =>
    account.store.get('payment_intent', id),
  ),
];
