import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { Rows } from '../account/stored.ts';
import { StripeFailure } from '../http/errors.ts';
import { pageOf } from '../http/lists.ts';
import { int, listShape, text } from '../http/params.ts';
import { route } from '../http/router.ts';
import { aggregate, meterEvents } from './usage.ts';

type Meter = Rows['billing.meter'];

const shape = {
  display_name: text,
  event_name: text,
  default_aggregation: z.strictObject({ formula: z.enum(['count', 'last', 'sum']) }),
  customer_mapping: z.strictObject({ type: z.literal('by_id'), event_payload_key: text }).optional(),
  value_settings: z.strictObject({ event_payload_key: text }).optional(),
  event_time_window: z.enum(['day', 'hour']).optional(),
};

function createMeter(account: Account, params: z.output<z.ZodObject<typeof shape>>): Meter {
  const isTaken = account.store
    .all('billing.meter')
    .some((each) => each.status === 'active' && each.event_name === params.event_name);
  if (isTaken)
    throw StripeFailure.invalid(
      `An active meter with the event name ${params.event_name} exists.`,
      'event_name',
    );
  const created = account.now();
  return account.create<Meter>({
    id: account.store.newId('mtr'),
    object: 'billing.meter',
    created,
    customer_mapping: params.customer_mapping ?? { type: 'by_id', event_payload_key: 'stripe_customer_id' },
    default_aggregation: params.default_aggregation,
    display_name: params.display_name,
    event_name: params.event_name,
    event_time_window: params.event_time_window ?? null,
    livemode: false,
    status: 'active',
    status_transitions: { deactivated_at: null },
    updated: created,
    value_settings: params.value_settings ?? { event_payload_key: 'value' },
  });
}

function setStatus(account: Account, id: string, status: 'active' | 'inactive'): Meter {
  const now = account.now();
  const deactivated_at = status === 'inactive' ? now : null;
  const event = status === 'inactive' ? 'deactivated' : 'reactivated';
  return account.update(
    'billing.meter',
    id,
    { status, status_transitions: { deactivated_at }, updated: now },
    event,
  );
}

/** Sums by window, newest first; one for the whole period without a window. */
function summaries(
  account: Account,
  meter: Meter,
  params: { customer: string; start_time: number; end_time: number; value_grouping_window?: 'day' | 'hour' },
) {
  const { start_time: start, end_time: end, value_grouping_window: window } = params;
  if (start % 60 !== 0 || end % 60 !== 0 || end <= start)
    throw StripeFailure.invalid('start_time and end_time must be whole minutes, in order.', 'start_time');
  const length = window === 'hour' ? 3_600 : window === 'day' ? 86_400 : end - start;
  const found = [];
  for (let from = start; from < end; from += length) {
    const until = Math.min(from + length, end);
    const events = meterEvents(account, meter.id, params.customer, { start: from, end: until });
    found.push({
      id: `mtrusg_${meter.id.slice(4)}_${from}`,
      object: 'billing.meter_event_summary',
      aggregated_value: aggregate(meter.default_aggregation.formula, events),
      end_time: until,
      livemode: false,
      meter: meter.id,
      start_time: from,
    });
  }
  return found.toReversed();
}

const summaryParams = {
  ...listShape,
  customer: text,
  start_time: int,
  end_time: int,
  value_grouping_window: z.enum(['day', 'hour']).optional(),
};

export const meterRoutes = [
  route('POST /v1/billing/meters', shape, ({ account, params }) => createMeter(account, params)),
  route(
    'GET /v1/billing/meters',
    { ...listShape, status: z.enum(['active', 'inactive']).optional() },
    ({ account, params, path }) => {
      const rows = account.store
        .all('billing.meter')
        .filter((each) => each.status === (params.status ?? each.status));
      return pageOf(rows.toReversed(), path, params);
    },
  ),
  route('GET /v1/billing/meters/:id', {}, ({ account, ids: [id = ''] }) =>
    account.store.get('billing.meter', id),
  ),
  route(
    'POST /v1/billing/meters/:id',
    { display_name: text.optional() },
    ({ account, params, ids: [id = ''] }) =>
      account.update('billing.meter', id, { ...params, updated: account.now() }),
  ),
  route('POST /v1/billing/meters/:id/deactivate', {}, ({ account, ids: [id = ''] }) =>
    setStatus(account, id, 'inactive'),
  ),
  route('POST /v1/billing/meters/:id/reactivate', {}, ({ account, ids: [id = ''] }) =>
    setStatus(account, id, 'active'),
  ),
  route(
    'GET /v1/billing/meters/:id/event_summaries',
    summaryParams,
    ({ account, params, ids: [id = ''], path }) =>
      pageOf(summaries(account, account.store.get('billing.meter', id), params), path, params),
  ),
];
