import { z } from '@hono/zod-openapi';
import { divideRounded } from '../../stand-in/rounding.ts';
import type { Account } from '../account/account.ts';
import type { Adjustment, LineItem, Transaction } from '../account/stored.ts';
import { PaddleFailure } from '../http/errors.ts';
import { pageOf } from '../http/lists.ts';
import { anyOf, minorUnits, pageShape, text } from '../http/params.ts';
import { present } from '../http/present.ts';
import { route } from '../http/router.ts';

export const newAdjustmentShape = {
  action: z.enum(['refund', 'credit']),
  type: z.enum(['full', 'partial']).default('partial'),
  transaction_id: text,
  reason: text,
  tax_mode: z.literal('internal').default('internal'),
  items: z
    .array(
      z.strictObject({
        item_id: text,
        type: z.enum(['full', 'partial']),
        amount: minorUnits.nullable().optional(),
      }),
    )
    .max(100)
    .default([]),
};
type NewAdjustment = z.output<z.ZodObject<typeof newAdjustmentShape>>;
type AdjustmentItem = Adjustment['items'][number];

const adjustmentsOf = (account: Account, transaction: string) =>
  account.store
    .all('adjustment')
    .filter((each) => each.transaction_id === transaction && each.status !== 'rejected');

/** The amount of a line that was not given back yet. */
function leftOf(account: Account, transaction: Transaction, line: LineItem): number {
  const given = adjustmentsOf(account, transaction.id).flatMap(({ items }) => items);
  return given
    .filter((item) => item.item_id === line.id)
    .reduce((left, item) => left - Number(item.totals.total), Number(line.totals.total));
}

function checkTransaction(account: Account, params: NewAdjustment): Transaction {
  const transaction = account.store.get('transaction', params.transaction_id);
  if (params.action === 'credit')
    throw new PaddleFailure(
      400,
      'adjustment_invalid_credit_action',
      'You cannot create a credit adjustment for an automatically-collected transaction.',
    );
  if (transaction.status !== 'completed')
    throw new PaddleFailure(
      400,
      'adjustment_transaction_invalid_status_for_refund',
      'The transaction is not completed.',
    );
  if (adjustmentsOf(account, transaction.id).some(({ status }) => status === 'pending_approval'))
    throw new PaddleFailure(
      409,
      'adjustment_pending_refund_request',
      'There is a pending refund request for this transaction.',
    );
  return transaction;
}

/** Takes the amount from a line; the tax in it is in proportion. */
function adjustLine(
  account: Account,
  line: LineItem,
  total: number,
  type: 'full' | 'partial',
): AdjustmentItem {
  const whole = Number(line.totals.total);
  const tax = whole === 0 ? 0 : divideRounded(BigInt(total) * BigInt(line.totals.tax), BigInt(whole));
  return {
    id: account.newId('adjitm'),
    item_id: line.id,
    type,
    amount: String(total),
    proration: null,
    totals: { subtotal: String(total - tax), tax: String(tax), total: String(total) },
  };
}

function refuseAmount(left: number): never {
  throw new PaddleFailure(
    400,
    'adjustment_amount_above_remaining_allowance',
    `The amount must be from 1 to ${left}.`,
  );
}

/** All that was paid by card, taken from the lines in their order. */
function fullItems(account: Account, transaction: Transaction): AdjustmentItem[] {
  const given = adjustmentsOf(account, transaction.id).reduce(
    (sum, { totals }) => sum + Number(totals.total),
    0,
  );
  let left = Number(transaction.details.totals.grand_total) - given;
  if (left <= 0) refuseAmount(left);
  return transaction.details.line_items.flatMap((line) => {
    const amount = Math.min(left, leftOf(account, transaction, line));
    if (amount <= 0) return [];
    left -= amount;
    return [adjustLine(account, line, amount, 'full')];
  });
}

function partialItems(account: Account, transaction: Transaction, params: NewAdjustment): AdjustmentItem[] {
  if (params.items.length === 0) throw PaddleFailure.field('items', 'is required');
  return params.items.map(({ item_id: id, type, amount }) => {
    const line = transaction.details.line_items.find((each) => each.id === id);
    if (!line) throw PaddleFailure.field('items.item_id', 'is no item of the transaction');
    const left = leftOf(account, transaction, line);
    const total = type === 'full' ? left : Number(amount ?? 0);
    if (total < 1 || total > left) refuseAmount(left);
    return adjustLine(account, line, total, type);
  });
}

function createAdjustment(account: Account, params: NewAdjustment): Adjustment {
  const transaction = checkTransaction(account, params);
  const items =
    params.type === 'full' ? fullItems(account, transaction) : partialItems(account, transaction, params);
  const sum = (name: 'subtotal' | 'tax' | 'total') =>
    String(items.reduce((all, { totals }) => all + Number(totals[name]), 0));
  const now = account.nowIso();
  return account.create<Adjustment>({
    id: account.newId('adj'),
    object: 'adjustment',
    action: 'refund',
    type: params.type,
    transaction_id: transaction.id,
    subscription_id: transaction.subscription_id,
    customer_id: transaction.customer_id ?? '',
    reason: params.reason,
    credit_applied_to_balance: false,
    currency_code: transaction.currency_code,
    status: 'pending_approval',
    items,
    totals: {
      subtotal: sum('subtotal'),
      tax: sum('tax'),
      total: sum('total'),
      fee: '0',
      retained_fee: '0',
      earnings: sum('total'),
      currency_code: transaction.currency_code,
    },
    payout_totals: null,
    created_at: now,
    updated_at: now,
    own: { approvesAt: account.now() + account.settings.approvalSeconds },
  });
}

const listShape = {
  ...pageShape,
  transaction_id: anyOf,
  customer_id: anyOf,
  subscription_id: anyOf,
  status: anyOf,
};

export const adjustmentRoutes = [
  route('POST /adjustments', newAdjustmentShape, ({ account, params }) =>
    present(createAdjustment(account, params)),
  ),
  route('GET /adjustments', listShape, ({ account, params, url }) => {
    const rows = account.store
      .all('adjustment')
      .filter((each) => params.transaction_id?.includes(each.transaction_id) !== false)
      .filter((each) => params.customer_id?.includes(each.customer_id) !== false)
      .filter((each) => params.subscription_id?.includes(each.subscription_id ?? '') !== false)
      .filter((each) => params.status?.includes(each.status) !== false);
    return pageOf(rows.toReversed(), url, params);
  }),
  route('GET /adjustments/:id/credit-note', {}, ({ account, ids: [id = ''] }) => {
    account.store.get('adjustment', id);
    return { url: `${account.url}/credit-notes/${id}/pdf` };
  }),
];
