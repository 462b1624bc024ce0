import type { Ctx } from '../../kernel/context/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';
import {
  ADMISSION_VALID_SECONDS,
  lobbyDecided,
  lobbyDecisionCommand,
  tieAdmissionsToCall,
  useEntry,
} from '../lobby/index.ts';
import { outranks } from '../access/index.ts';
import type { RoomRole } from '../rooms/index.ts';
import type { AdmissionState } from './admission.rules.ts';

/** A seat in a call. */
interface LobbySeat {
  identity: string;
  role: RoomRole;
  callId: string;
  /** Whether the call begins with this seat. */
  isNewCall: boolean;
}

/** The changes in the lobby by a seat: the parts of its commit, and the steps after the commit. */
export interface LobbyEntryUse {
  write(q: Queries): Statement[];
  events: DomainEvent[];
  /** Shows in the live room that the person no longer waits. */
  afterCommit(): void;
}

/**
 * Ties the person's lobby entry to the call in which they take a seat. An entry that was still waiting is admitted: they
 * came in in another way, and must not be listed as waiting.
 */
export function useLobbyEntry(
  ctx: Ctx,
  { room, entry }: Pick<AdmissionState, 'room' | 'entry'>,
  { identity, role, callId, isNewCall }: LobbySeat,
): LobbyEntryUse {
  const { organizationId, id: roomId } = room;
  const now = new Date(ctx.clock.now());
  // Somebody who waits for a higher role than they came in with still waits for it.
  const isWaiting = entry?.status === 'waiting' && !outranks(entry.role, role);
  const isUntied = entry?.status === 'admitted' && entry.callId === null;
  const usedEntryId = isWaiting || isUntied ? entry.id : undefined;
  const expiresAt = new Date(now.getTime() + ADMISSION_VALID_SECONDS * 1000);
  return {
    write: (q) => [
      ...(isNewCall ? [tieAdmissionsToCall(q, organizationId, roomId, callId)] : []),
      ...(usedEntryId ? [useEntry(q, organizationId, usedEntryId, { callId, now, expiresAt })] : []),
    ],
    events: isWaiting ? [lobbyDecided.of({ roomId, lobbyEntryIds: [entry.id] })] : [],
    afterCommit() {
      if (!isWaiting) return;
      const admitted = {
        id: entry.id,
        identity,
        status: 'admitted',
        decidedAt: now,
        decidedBy: null,
      } as const;
      ctx.after('lobby.apply', () => ctx.ports.liveRooms.apply(roomId, [lobbyDecisionCommand(admitted)]));
    },
  };
}
