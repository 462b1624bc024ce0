import type { AuditEntry } from '../../platform/audit/index.ts';
import type { Queries, Statement } from '../../platform/db/index.ts';
import type { Effect } from '../../platform/outbox/index.ts';
import { putRoomPerson } from '../rooms/index.ts';
import type { Held } from './bounds.rules.ts';
import type { Call, CallParticipant } from './ledger-rows.rules.ts';

/** Whom the live room can be told of; others are sent away by what follows from their connecting. */
const TELLABLE = /^(usr|gst|ext|agt)_\S{1,136}$/u;

/**
 * The parts of a commit that keep people out of the room of whom the ledger holds too much: the cluster removes them, no
 * token is given any more, and a moderator may let them in again.
 */
export function sendingOut(
  { id: callId, organizationId, roomId }: Call,
  people: readonly CallParticipant[],
  excess: readonly Held[],
  now: Date,
): { write(q: Queries): Statement[]; audit: AuditEntry[]; effects: Effect[] } {
  const byIdentity = new Map(people.map((person) => [person.identity, person]));
  const out = excess.map((held) => ({ person: byIdentity.get(held.identity)!, held }));
  return {
    write: (q) =>
      out.map(({ person: { identity, userId } }) =>
        putRoomPerson(q, {
          organizationId,
          roomId,
          identity,
          userId,
          removedAt: now,
          changedBy: 'system',
          updatedAt: now,
        }),
      ),
    audit: out.map(({ person: { id: participantId, name }, held }) => ({
      action: 'participant.removed',
      severity: 'warning',
      target: { type: 'room', id: roomId },
      after: { participantId, name, callId, ...held },
    })),
    effects: out
      .filter(({ person }) => TELLABLE.test(person.identity))
      .map(({ person: { identity } }) => ({
        type: 'participant.removed',
        key: roomId,
        payload: { roomId, identity },
      })),
  };
}
