import type { Ids } from '../core/index.ts';
import type { Queries } from '../db/index.ts';
import { insertCoalescedEvents, insertEvents } from './outbox.queries.ts';

/** An effect that a change asks for: a wake-up, not a fact. Its job reads the truth again. */
export interface DomainEvent {
  /** `room.what_happened`: `organization.created`. Names the job. */
  type: string;
  /** Effects with the same key run one after another, in order; usually the id of what changed. */
  key: string;
  payload: Record<string, unknown>;
  /** Milliseconds since the epoch before which it must not run. */
  availableAtMs?: number;
  /**
   * Not written while one of the same type and key waits to be taken up: that one will see this change, too. Only in
   * the system's scope.
   */
  coalesced?: true;
}

export interface EventSource {
  organizationId: string | null;
  traceparent: string;
  nowMs: number;
  ids: Ids;
}

/** Who takes turns with whom: an organization's effects among themselves; those of none, by their key. */
export function partitionOf(organizationId: string | null, { key }: Pick<DomainEvent, 'key'>): string {
  return organizationId ?? key;
}

/** The statement that writes the effects with the state they come from. */
export function eventsStatement(
  q: Queries,
  events: readonly DomainEvent[],
  { organizationId, traceparent, nowMs, ids }: EventSource,
) {
  const rows = events.map((event) => ({
    id: ids.create('outbox'),
    organizationId,
    type: event.type,
    key: event.key,
    payload: event.payload,
    traceparent,
    availableAt: new Date(event.availableAtMs ?? nowMs),
    createdAt: new Date(nowMs),
  }));
  if (!events.some(({ coalesced }) => coalesced)) return insertEvents(q, rows);
  return insertCoalescedEvents(
    q,
    rows.map((row, i) => ({ ...row, coalesced: events[i]!.coalesced === true })),
  );
}
