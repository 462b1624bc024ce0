import { createHash } from 'node:crypto';
import { Deliveries, deliveryFaultsSchema } from '../../stand-in/deliveries.ts';
import type { Account } from '../account/account.ts';
import type { Event } from '../account/stored.ts';
import { signatureOf } from './signature.ts';

/** Three days in all, at growing distances. */
const RETRY_AFTER_SECONDS = [
  60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200, 43_200, 43_200, 43_200,
];

/** The same for each attempt to deliver an event to an endpoint. */
const notificationId = (event: string, endpoint: string) =>
  `ntf_${createHash('sha256').update(`${event} ${endpoint}`).digest('hex').slice(0, 26)}`;

export const toNotification = ({ id, event_type, occurred_at, data }: Event, endpoint: string | null) => ({
  event_id: id,
  event_type,
  occurred_at,
  notification_id: endpoint === null ? null : notificationId(id, endpoint),
  data,
});

/** The webhooks of an account. */
export function createDeliveries(account: Account): Deliveries<Event> {
  return new Deliveries(
    {
      now: () => account.now(),
      clockOf: () => null,
      endpointsFor: ({ event_type: type }) =>
        account.store
          .all('notification_setting')
          .filter(({ active }) => active)
          .filter(({ subscribed_events: wanted }) => wanted.some(({ name }) => name === type || name === '*'))
          .map(({ id }) => id),
      requestFor(event, id, signedAt) {
        const setting = account.store.find(id);
        if (setting?.object !== 'notification_setting') return undefined;
        const body = JSON.stringify(toNotification(event, id));
        const signature = signatureOf(body, setting.endpoint_secret_key, signedAt);
        return { url: setting.destination, headers: { 'paddle-signature': signature }, body };
      },
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      timeLimitMs: 5_000,
    },
    deliveryFaultsSchema.parse({}),
  );
}
