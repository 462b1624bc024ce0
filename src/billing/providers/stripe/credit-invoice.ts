import type { Stripe } from 'stripe';
import { toMinorUnits } from '../../../kernel/money/index.ts';
import { type CreditRequest, providerErrors } from '../index.ts';
import type { StripeCall } from './create-stripe-client.ts';
import { CREDIT_KEY } from './invoices.rules.ts';
import { runChange } from './run-change.ts';

const MOST_NOTES = 1_000;

/**
 * @throws AppError `billing.provider_refused` for an amount that is not a whole number of the currency's smallest unit
 */
function minorUnits(amountMicros: bigint, currency: string): number {
  const { minorUnits: units, rounding } = toMinorUnits({ amountMicros, currency });
  if (rounding !== 0n)
    throw providerErrors.providerRefused({
      detail: `the amount must be a whole number of cents of ${currency}`,
    });
  return Number(units);
}

/** Whether a failed attempt has made the credit note: another one would give the money back twice. */
async function isCredited(call: StripeCall, { invoiceId: invoice, key }: CreditRequest): Promise<boolean> {
  const notes = await call((sdk) =>
    sdk.creditNotes.list({ invoice, limit: 100 }).autoPagingToArray({ limit: MOST_NOTES }),
  );
  return notes.some(({ metadata }) => metadata?.[CREDIT_KEY] === key);
}

/** Gives back a payment, or lowers the amount due, by a credit note. */
export async function creditInvoice(call: StripeCall, request: CreditRequest): Promise<void> {
  const { invoiceId, currency, as, reason, memo, key } = request;
  const amount = minorUnits(request.amount, currency);
  const params: Stripe.CreditNoteCreateParams = {
    invoice: invoiceId,
    amount,
    memo,
    metadata: { [CREDIT_KEY]: key },
    ...(reason === null ? {} : { reason }),
    ...(as === 'refund' ? { refund_amount: amount } : as === 'balance' ? { credit_amount: amount } : {}),
  };
  await runChange(key, async (idempotencyKey, isFirst) => {
    if (!isFirst && (await isCredited(call, request))) return;
    await call((sdk) => sdk.creditNotes.create(params, { idempotencyKey }));
  });
}
