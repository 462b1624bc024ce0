import type { Ids } from '../core/index.ts';
import type { Queries } from '../db/index.ts';
import type { DomainEvent } from './define-event.ts';
import { insertEvents } from './events.queries.ts';

export interface EventSource {
  organizationId: string | null;
  traceparent: string;
  nowMs: number;
  ids: Ids;
}

/** The partition of an event: its organization, or its key when it has none. */
export function partitionOf(
  ofChange: string | null,
  { organizationId, key }: Pick<DomainEvent, 'key' | 'organizationId'>,
): string {
  return organizationId ?? ofChange ?? key;
}

/** The statement that writes the events in the transaction of the change they report. */
export function eventsStatement(
  q: Queries,
  events: readonly DomainEvent[],
  { organizationId, traceparent, nowMs, ids }: EventSource,
) {
  const rows = events.map(({ type, key, payload, availableAtMs = nowMs, coalesced = false, ...event }) => ({
    id: ids.create('outbox'),
    organizationId: event.organizationId ?? organizationId,
    type,
    key,
    payload,
    traceparent,
    availableAt: new Date(availableAtMs),
    createdAt: new Date(nowMs),
    coalesced,
  }));
  return insertEvents(q, rows);
}
