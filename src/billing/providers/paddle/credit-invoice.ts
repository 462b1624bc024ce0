import { toMinorUnits } from '../../../kernel/money/index.ts';
import { type CreditRequest, providerErrors } from '../index.ts';
import type { PaddleCall } from './create-paddle-client.ts';
import { keyOfReason, toReason } from './invoices.rules.ts';
import {
  idSchema,
  type PaddleAdjustment,
  type PaddleTransaction,
  transactionSchema,
} from './paddle.schemas.ts';
import { adjustmentsOf } from './read-invoices.ts';

/**
 * @throws AppError `billing.provider_refused` for an amount that is not a whole number of the currency's smallest unit
 */
function minorUnits({ amount: amountMicros, currency }: CreditRequest): bigint {
  const { minorUnits: units, rounding } = toMinorUnits({ amountMicros, currency });
  if (rounding !== 0n)
    throw providerErrors.providerRefused({
      detail: `the amount must be a whole number of cents of ${currency}`,
    });
  return units;
}

const smaller = (one: bigint, other: bigint) => (one < other ? one : other);

/** The amount, distributed over the lines in their order, as far as they were not given back yet. */
function itemsFor(transaction: PaddleTransaction, given: readonly PaddleAdjustment[], amount: bigint) {
  let left = amount;
  const items = transaction.details.line_items.flatMap(({ id, totals: { total } }) => {
    const back = given
      .flatMap((adjustment) => adjustment.items)
      .filter((item) => item.item_id === id)
      .reduce((sum, item) => sum + (item.totals?.total ?? 0n), 0n);
    const part = smaller(left, total - back);
    if (id === undefined || part <= 0n) return [];
    left -= part;
    return [{ item_id: id, type: 'partial', amount: String(part) }];
  });
  if (left > 0n) throw providerErrors.providerRefused({ detail: 'more than was paid cannot be given back' });
  return items;
}

/** See `ProviderInvoicing`. Paddle refunds what was paid; it does not credit payments by card. */
export async function creditInvoice(call: PaddleCall, request: CreditRequest): Promise<void> {
  const { invoiceId, as, memo, key } = request;
  if (as !== 'refund')
    throw providerErrors.notSupportedByProvider({ detail: 'Paddle gives money back as a refund only' });
  const amount = minorUnits(request);
  const given = (await adjustmentsOf(call, invoiceId)).filter(({ status }) => status !== 'rejected');
  if (given.some(({ reason }) => keyOfReason(reason) === key)) return;
  const { data } = await call(`GET /transactions/${invoiceId}`, transactionSchema);
  const items = itemsFor(data, given, amount);
  const body = {
    action: 'refund',
    type: 'partial',
    transaction_id: invoiceId,
    reason: toReason(memo, key),
    items,
  };
  await call('POST /adjustments', idSchema, body);
}
