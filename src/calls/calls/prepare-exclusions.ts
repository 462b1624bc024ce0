import type { AuditEntry } from '../../kernel/audit/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';
import { upsertRoomPerson } from '../../rooms/rooms/index.ts';
import type { IdentityUsage } from './identity-usage.rules.ts';
import type { Call, CallParticipant } from './ledger-rows.rules.ts';

/** Whom the live room can be told of; others are sent away by what follows from their connecting. */
const LIVE_ROOM_IDENTITY = /^(usr|gst|ext|agt)_\S{1,136}$/u;

/**
 * The parts of a commit that keep people out of the room of whom the ledger holds too much: the cluster removes them, no
 * token is given any more, and a moderator may let them in again.
 */
export function prepareExclusions(
  { id: callId, organizationId, roomId }: Call,
  participants: readonly CallParticipant[],
  excessiveUsage: readonly IdentityUsage[],
  now: Date,
): { write(q: Queries): Statement[]; audit: AuditEntry[]; events: DomainEvent[] } {
  const byIdentity = new Map(participants.map((person) => [person.identity, person]));
  const excluded = excessiveUsage.map((held) => ({ person: byIdentity.get(held.identity)!, held }));
  return {
    write: (q) =>
      excluded.map(({ person: { identity, userId } }) =>
        upsertRoomPerson(q, {
          organizationId,
          roomId,
          identity,
          userId,
          removedAt: now,
          changedBy: 'system',
          updatedAt: now,
        }),
      ),
    audit: excluded.map(({ person: { id: participantId, name }, held }) => ({
      action: 'participant.removed',
      severity: 'warning',
      target: { type: 'room', id: roomId },
      after: { participantId, name, callId, ...held },
    })),
    events: excluded
      .filter(({ person }) => LIVE_ROOM_IDENTITY.test(person.identity))
      .map(({ person: { identity } }) => ({
        type: 'participant.removed',
        key: roomId,
        payload: { roomId, identity },
      })),
  };
}
