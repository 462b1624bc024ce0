import type { Ids } from '../core/index.ts';
import type { Queries } from '../db/index.ts';
import { insertCoalesced, insertOutbox } from './outbox.queries.ts';

/** An effect that a change asks for: a wake-up, not a fact. Its job reads the truth again. */
export interface Effect {
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

export interface EffectSource {
  organizationId: string | null;
  traceparent: string;
  nowMs: number;
  ids: Ids;
}

/** Who takes turns with whom: an organization's effects among themselves; those of none, by their key. */
export function laneOf(organizationId: string | null, { key }: Pick<Effect, 'key'>): string {
  return organizationId ?? key;
}

/** The statement that writes the effects with the state they come from. */
export function outboxStatement(
  q: Queries,
  effects: readonly Effect[],
  { organizationId, traceparent, nowMs, ids }: EffectSource,
) {
  const rows = effects.map((effect) => ({
    id: ids.create('outbox'),
    organizationId,
    type: effect.type,
    key: effect.key,
    payload: effect.payload,
    traceparent,
    availableAt: new Date(effect.availableAtMs ?? nowMs),
    createdAt: new Date(nowMs),
  }));
  if (!effects.some(({ coalesced }) => coalesced)) return insertOutbox(q, rows);
  return insertCoalesced(
    q,
    rows.map((row, i) => ({ ...row, coalesced: effects[i]!.coalesced === true })),
  );
}
