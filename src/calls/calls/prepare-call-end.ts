import type { Queries, Statement } from '../../kernel/db/index.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';
import type { EndReason } from '../ledger/index.ts';
import type { Call } from './ledger-rows.rules.ts';
import { endCall } from './ledger.queries.ts';
import { callEnded } from './calls.events.ts';

/**
 * The parts of a commit that ends an open call. The verb that commits it then deletes the cluster's room. Connections stay
 * open in the ledger until the cluster reports their end.
 * @throws AppError `request.stale` by the commit, when the call is over
 */
export function prepareCallEnd(
  { id, organizationId, roomId }: Pick<Call, 'id' | 'organizationId' | 'roomId'>,
  reason: EndReason,
  now: Date,
): { write(q: Queries): Statement; events: DomainEvent[] } {
  const moment = { atMs: now.getTime(), how: 'event', knownAtMs: now.getTime() } as const;
  const closed = { evidence: { ...moment, reason }, fact: { ...moment, uncertaintySeconds: 0 } };
  return {
    write: (q) => endCall(q, organizationId, id, closed, now),
    events: [callEnded.of({ callId: id, roomId })],
  };
}
