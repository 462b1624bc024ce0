import type { Account } from '../account/account.ts';
import type { Rows } from '../account/stored.ts';
import { chargeDecline, type Decline } from '../customers/cards.ts';
import { numberOf } from '../customers/payment-methods.ts';

export type PaymentIntent = Rows['payment_intent'];

export interface Charge {
  customer: string;
  /** In minor units of the currency. */
  amount: number;
  currency: string;
  /** The saved card, or null when there is none. */
  method: string | null;
  /** The intent of an earlier attempt, which is used again. */
  intent: string | null;
  /** The customer is there and authenticates the payment when the card requires it. */
  onSession: boolean;
}

const NO_METHOD: Decline = {
  code: 'resource_missing',
  message: 'This customer has no attached payment source or default payment method.',
};

function declineOf(account: Account, { method, customer, onSession }: Charge): Decline | undefined {
  if (method === null) return NO_METHOD;
  const { card } = account.store.get('payment_method', method);
  const expiry = { exp_month: card?.exp_month ?? 0, exp_year: card?.exp_year ?? 0 };
  const declined = chargeDecline(numberOf(account, method), expiry, account.nowOf(customer));
  return onSession && declined?.code === 'authentication_required' ? undefined : declined;
}

const NOTHING = {
  object: 'payment_intent',
  allowed_payment_method_types: null,
  amount_capturable: 0,
  amount_details: { tip: {} },
  amount_received: 0,
  application: null,
  application_fee_amount: null,
  automatic_payment_methods: null,
  canceled_at: null,
  cancellation_reason: null,
  capture_method: 'automatic',
  confirmation_method: 'automatic',
  customer_account: null,
  description: null,
  excluded_payment_method_types: null,
  last_payment_error: null,
  latest_charge: null,
  livemode: false,
  managed_payments: null,
  metadata: {},
  next_action: null,
  on_behalf_of: null,
  payment_method: null,
  payment_method_configuration_details: null,
  payment_method_options: null,
  payment_method_types: ['card'],
  payment_record: null,
  processing: null,
  receipt_email: null,
  review: null,
  setup_future_usage: 'off_session',
  shipping: null,
  source: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  status: 'requires_payment_method',
  transfer_data: null,
  transfer_group: null,
} satisfies Partial<PaymentIntent>;

/** An intent that waits for a card. */
export function blankIntent(
  account: Account,
  { amount, currency, customer }: Pick<Charge, 'amount' | 'currency' | 'customer'>,
): PaymentIntent {
  const id = account.store.newId('pi');
  return {
    ...NOTHING,
    id,
    amount,
    client_secret: `${id}_secret_${account.store.newId('s').slice(2)}`,
    created: account.nowOf(customer),
    currency,
    customer,
  };
}

/** Charges a card. A decline is an answer, not an error: the caller records the attempt. */
export function charge(
  account: Account,
  request: Charge,
): { intent: PaymentIntent; declined: Decline | undefined } {
  const existing = request.intent === null ? undefined : account.store.get('payment_intent', request.intent);
  const intent = existing ?? account.create(blankIntent(account, request));
  const declined = declineOf(account, request);
  if (declined === undefined) {
    const paid = account.update(
      'payment_intent',
      intent.id,
      {
        amount: request.amount,
        amount_received: request.amount,
        payment_method: request.method,
        status: 'succeeded',
        last_payment_error: null,
        next_action: null,
      },
      'succeeded',
    );
    return { intent: paid, declined };
  }
  const needsAction = declined.code === 'authentication_required';
  const failed = account.update(
    'payment_intent',
    intent.id,
    {
      amount: request.amount,
      payment_method: needsAction ? request.method : null,
      status: needsAction ? 'requires_action' : 'requires_payment_method',
      last_payment_error: { ...declined, type: 'card_error' },
    },
    needsAction ? 'requires_action' : 'payment_failed',
  );
  return { intent: failed, declined };
}
