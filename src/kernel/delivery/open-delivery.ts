import { type KeepAlive, openCtx, type Services } from '../context/index.ts';
import { continueTrace, type LogFields, readParentSpanId } from '../core/index.ts';
import type { StartedDelivery } from './delivery.queries.ts';

/** The one wide event of a message. */
export type MessageEvent = LogFields & { type: string; subscriber: string; outcome: string };

/** The handler's context: the system, within the event's organization, in the trace of what caused the event. */
export function openDelivery(
  services: Services,
  started: StartedDelivery,
  event: MessageEvent,
  partitions: Set<string>,
  keepAlive: KeepAlive,
) {
  const traceparent = continueTrace(started.traceparent, services.ids);
  const trace = services.telemetry.tracer.begin({
    traceparent,
    parentSpanId: readParentSpanId(started.traceparent),
    name: started.subscriber,
    kind: 'consumer',
  });
  let roundTrips = 0;
  const ctx = openCtx(services, {
    actor: { kind: 'system', name: started.subscriber, organizationId: started.organizationId },
    requestId: started.id,
    traceparent,
    trace,
    keepAlive,
    onEvents: (written) => written.forEach((partition) => partitions.add(partition)),
    onRoundTrip: () => {
      event.roundTrips = ++roundTrips;
    },
  });
  event.traceparent = traceparent;
  const close = (outcome: string, failed: boolean) => {
    const attributes = { 'messaging.message.id': started.id, outcome, attempt: started.attempts };
    trace.end({ failed, remarkable: failed, attributes }, keepAlive);
  };
  return { ctx, close };
}
