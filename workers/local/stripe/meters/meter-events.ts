import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { MeterEventRow, Rows } from '../account/stored.ts';
import { StripeFailure } from '../http/errors.ts';
import { int, text } from '../http/params.ts';
import { route } from '../http/router.ts';

const OLDEST_SECONDS = 35 * 86_400;
const AHEAD_SECONDS = 5 * 60;
/** How long a repeated identifier is recognized. */
const UNIQUE_SECONDS = 24 * 3_600;

interface NewMeterEvent {
  event_name: string;
  payload: Record<string, string>;
  identifier?: string;
  timestamp?: number;
}

function activeMeter(account: Account, name: string): Rows['billing.meter'] {
  const meter = account.store
    .all('billing.meter')
    .find((each) => each.status === 'active' && each.event_name === name);
  if (meter) return meter;
  throw StripeFailure.invalid(`No active meter found for the event_name ${name}.`, 'event_name', 'no_meter');
}

function checkTime(timestamp: number, now: number): void {
  if (timestamp < now - OLDEST_SECONDS)
    throw StripeFailure.invalid(
      'The timestamp is more than 35 days in the past.',
      'timestamp',
      'timestamp_too_far_in_past',
    );
  if (timestamp > now + AHEAD_SECONDS)
    throw StripeFailure.invalid(
      'The timestamp is more than 5 minutes in the future.',
      'timestamp',
      'timestamp_in_future',
    );
}

function customerOf(
  account: Account,
  meter: Rows['billing.meter'],
  payload: Record<string, string>,
): Rows['customer'] {
  const key = meter.customer_mapping.event_payload_key;
  const customer = account.store.find(payload[key] ?? '');
  if (customer?.object === 'customer') return customer;
  throw StripeFailure.invalid(
    `The payload has no customer under ${key}.`,
    'payload',
    'meter_event_customer_not_found',
  );
}

function checkValue(meter: Rows['billing.meter'], value: string): void {
  if (/^\d{1,15}$/.test(value) || meter.default_aggregation.formula === 'count') return;
  const message = 'The value must be a whole number that is not negative.';
  throw StripeFailure.invalid(message, 'payload', 'meter_event_invalid_value');
}

/** @throws StripeFailure 400 when the identifier was taken within a day: the first report counts */
function recordEvent(account: Account, params: NewMeterEvent) {
  const meter = activeMeter(account, params.event_name);
  const value = params.payload[meter.value_settings.event_payload_key] ?? '';
  checkValue(meter, value);
  const customer = customerOf(account, meter, params.payload);
  const now = account.nowOf(customer.id);
  const timestamp = params.timestamp ?? now;
  checkTime(timestamp, now);
  const identifier = params.identifier ?? account.store.newId('mevt');
  const id = `meter_event_${identifier}`;
  const earlier = account.store.find(id);
  if (earlier?.object === 'billing.meter_event' && earlier.created > now - UNIQUE_SECONDS)
    throw StripeFailure.invalid(
      `An event already exists with identifier ${identifier}.`,
      'identifier',
      'duplicate_meter_event',
    );
  account.store.put<MeterEventRow>({
    id: earlier ? account.store.newId(id) : id,
    object: 'billing.meter_event',
    meter: meter.id,
    customer: customer.id,
    value,
    timestamp,
    created: now,
    cancelled: false,
  });
  const { event_name, payload } = params;
  return {
    object: 'billing.meter_event',
    created: now,
    event_name,
    identifier,
    livemode: false,
    payload,
    timestamp,
  };
}

function cancelEvent(
  account: Account,
  { event_name, cancel }: { event_name: string; cancel: { identifier: string } },
) {
  activeMeter(account, event_name);
  const id = `meter_event_${cancel.identifier}`;
  account.store.put({
    ...account.store.get('billing.meter_event', id, 'cancel[identifier]'),
    cancelled: true,
  });
  return {
    object: 'billing.meter_event_adjustment',
    cancel,
    event_name,
    livemode: false,
    status: 'pending',
    type: 'cancel',
  };
}

const payload = z.record(z.string(), z.string());
const v2Event = {
  event_name: text,
  payload,
  identifier: text.optional(),
  timestamp: z.iso.datetime({ offset: true }).optional(),
};
type V2Event = z.output<z.ZodObject<typeof v2Event>>;

/** The same event in the second version of the API: JSON, with times as text. */
function recordV2(account: Account, { timestamp, ...params }: V2Event) {
  const seconds = timestamp === undefined ? {} : { timestamp: Math.floor(Date.parse(timestamp) / 1000) };
  const event = recordEvent(account, { ...params, ...seconds });
  const iso = (at: number) => new Date(at * 1000).toISOString();
  return {
    ...event,
    object: 'v2.billing.meter_event',
    created: iso(event.created),
    timestamp: iso(event.timestamp),
  };
}

export const meterEventRoutes = [
  route(
    'POST /v1/billing/meter_events',
    { event_name: text, payload, identifier: text.optional(), timestamp: int.optional() },
    ({ account, params }) => recordEvent(account, params),
  ),
  route(
    'POST /v1/billing/meter_event_adjustments',
    { event_name: text, type: z.literal('cancel'), cancel: z.strictObject({ identifier: text }) },
    ({ account, params }) => cancelEvent(account, params),
  ),
  route('POST /v2/billing/meter_events', v2Event, ({ account, params }) => recordV2(account, params)),
  route('POST /v2/billing/meter_event_session', {}, ({ account }) => ({
    id: account.store.newId('mes'),
    object: 'v2.billing.meter_event_session',
    authentication_token: account.store.newId('token'),
    created: new Date(account.now() * 1000).toISOString(),
    expires_at: new Date((account.now() + 900) * 1000).toISOString(),
    livemode: false,
  })),
  route(
    'POST /v2/billing/meter_event_stream',
    { events: z.array(z.strictObject(v2Event)).min(1).max(100) },
    ({ account, params }) => {
      for (const event of params.events) recordV2(account, event);
      return {};
    },
  ),
];
