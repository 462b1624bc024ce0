import type { Queries, Statement } from '../../kernel/db/index.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';
import type { EndReason } from '../ledger/index.ts';
import type { Call } from './ledger-rows.rules.ts';
import { endCall } from './ledger.queries.ts';
import { callEnded } from './calls.events.ts';

/**
 * What ends an open call here: for the commit of the verb that decides so, which then deletes the cluster's room. Whoever
 * is connected stays so in the ledger until the cluster tells that they are gone.
 * @throws AppError `request.stale`, by the commit, when it is over by now
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
