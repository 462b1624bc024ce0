import { z } from '@hono/zod-openapi';
import { Deliveries, deliveryFaultsSchema } from '../../stand-in/deliveries.ts';
import type { Account } from '../account/account.ts';
import type { Rows } from '../account/stored.ts';
import { secretOf } from './endpoints.ts';
import { signatureOf } from './signature.ts';
import { thinEvent } from './thin-events.ts';

/** How deliveries misbehave, on request. */
export const stripeDeliveryFaults = deliveryFaultsSchema.extend({
  /** The version that events claim to have. */
  apiVersion: z.string().optional(),
});
export type StripeDeliveries = Deliveries<Rows['event'], z.output<typeof stripeDeliveryFaults>>;

/** Three days in all. */
const RETRY_AFTER_SECONDS = [300, 1_800, 7_200, 18_000, 36_000, 43_200, 43_200, 43_200, 43_200];

const accepts = (enabled: readonly string[], type: string) =>
  enabled.includes('*') || enabled.includes(type) || enabled.includes(`v1.${type}`);

/** The webhooks of an account. */
export function createDeliveries(account: Account): StripeDeliveries {
  return new Deliveries(
    {
      now: (clock) => account.now(clock),
      clockOf: (event) => (event.data.object as { test_clock?: string | null }).test_clock ?? null,
      endpointsFor: (event) =>
        account.store
          .all('webhook_endpoint')
          .filter((each) => each.status === 'enabled' && accepts(each.enabled_events, event.type))
          .map(({ id }) => id),
      requestFor(event, id, signedAt, faults) {
        const endpoint = account.store.find(id);
        if (endpoint?.object !== 'webhook_endpoint') return undefined;
        const { secret, payload } = secretOf(account, id);
        const api_version = faults.apiVersion ?? endpoint.api_version ?? event.api_version;
        const body = JSON.stringify(payload === 'thin' ? thinEvent(event) : { ...event, api_version });
        return {
          url: endpoint.url,
          headers: { 'stripe-signature': signatureOf(body, secret, signedAt) },
          body,
        };
      },
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      timeLimitMs: 10_000,
    },
    stripeDeliveryFaults.parse({}),
  );
}
