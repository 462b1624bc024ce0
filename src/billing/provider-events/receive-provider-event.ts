import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { cutText, isRefusal, isStale, requestErrors } from '../../kernel/core/index.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';
import type { ProviderEvent, ProviderName } from '../providers/index.ts';
import { customerReported, invoiceReported, subscriptionReported } from './provider-events.events.ts';
import { insertProviderEvent } from './provider-events.queries.ts';

/** Longer than ids and names of events. */
const MAX_TEXT = 255;

type ReceiptOutcome = 'stored' | 'known' | 'refused' | 'failed';

const countEvent = ({ telemetry }: Ctx, provider: ProviderName, outcome: ReceiptOutcome) =>
  telemetry.counters.add('auralink_isolate_provider_events_total', { outcome, provider });

const cut = (text: string | null) => (text === null ? null : cutText(text, MAX_TEXT));

/** The object that subscribers read again because of an event. */
function reportsOf(provider: ProviderName, event: ProviderEvent): DomainEvent[] {
  const { customerId, subscriptionId, invoiceId } = event;
  if (customerId === null) return [];
  const reports = [
    ...(subscriptionId === null ? [] : [subscriptionReported.of({ provider, customerId, subscriptionId })]),
    ...(invoiceId === null ? [] : [invoiceReported.of({ provider, customerId, invoiceId })]),
  ];
  return reports.length > 0 ? reports : [customerReported.of({ provider, customerId })];
}

/** @returns false when it was stored before */
async function storeEvent(ctx: Ctx, provider: ProviderName, event: ProviderEvent): Promise<boolean> {
  const { occurredAtMs, ...ids } = event;
  try {
    await ctx.commit({
      // The organization is unknown until the subscribers find it by the customer.
      scope: systemScope,
      write: (q) => [
        insertProviderEvent(q, {
          ...ids,
          provider,
          occurredAt: new Date(occurredAtMs),
          receivedAt: new Date(ctx.clock.now()),
        }),
      ],
      events: reportsOf(provider, event),
      conflicts: { provider_events_provider_id_pk: requestErrors.stale },
      result: undefined,
    });
    return true;
  } catch (error) {
    if (isStale(error)) return false;
    throw error;
  }
}

/**
 * Receives a webhook of a payment provider. The event is stored when this returns; one that was stored before is accepted and
 * changes nothing.
 * @throws AppError `billing.bad_signature`, `billing.not_configured`, or `server.unavailable`, after which it is sent again
 */
export async function receiveProviderEvent(
  ctx: Ctx,
  provider: ProviderName,
  body: string,
  signature: string,
): Promise<void> {
  try {
    const event = await ctx.ports.payments.of(provider, ctx.trace).verifyWebhook(body, signature);
    const { id, type, customerId, subscriptionId, invoiceId } = event;
    const stored = await storeEvent(ctx, provider, {
      ...event,
      id: cutText(id, MAX_TEXT),
      type: cutText(type, MAX_TEXT),
      customerId: cut(customerId),
      subscriptionId: cut(subscriptionId),
      invoiceId: cut(invoiceId),
    });
    countEvent(ctx, provider, stored ? 'stored' : 'known');
  } catch (error) {
    const refused = isRefusal(error);
    countEvent(ctx, provider, refused ? 'refused' : 'failed');
    throw error;
  }
}
