import { allowedFeatures, disabledFeaturesOf } from '../access/index.ts';
import type { AdmissionState } from '../admission/index.ts';
import type { ModerationTarget } from '../moderation/index.ts';
import {
  type LiveCommand,
  ROOM_TICKET_SECONDS,
  type RoomTicketClaims,
} from '../../realtime/protocol/index.ts';
import type { Room, RoomRole } from '../rooms/index.ts';
import type { roomMoves } from './moves.tables.ts';

export type Move = typeof roomMoves.$inferSelect;

/** A move with the switches of the link that let a guest in. */
export interface MoveWithSwitches {
  move: Move;
  switches: ModerationTarget['switches'];
}

/** Who was moved has so long to come in: as long as their ticket opens the other room's socket. */
export const MOVE_EXPIRY_SECONDS = ROOM_TICKET_SECONDS;

/** Somebody who is to be moved, in the role they get there. */
export interface PersonToMove extends Pick<ModerationTarget, 'switches'> {
  identity: string;
  kind: Move['kind'];
  userId: string | null;
  linkId: string | null;
  name: string;
  role: RoomRole;
}

/** What the live room that they leave tells them; the same however often it is told, but for the ticket. */
export function buildMoveCommand(
  { identity, roomId, movedAt }: Move,
  ticket: string,
  by: string | null,
): LiveCommand {
  const atMs = movedAt.getTime();
  const key = `${identity}:moved:${roomId}:${atMs}`;
  return { type: 'participant.moved', key, atMs, by, identity, toRoomId: roomId, ticket };
}

/** The claims of the ticket that opens the other room's socket, and its door. */
export function buildTicketClaims({ move, switches }: MoveWithSwitches, to: Room): RoomTicketClaims {
  const { organizationId, roomId, identity, name, role, kind, userId, linkId } = move;
  const features = allowedFeatures(to, disabledFeaturesOf(switches));
  const noCallYet = { participantId: null, callId: null, lobbyEntryId: null };
  return { organizationId, roomId, identity, name, role, kind, userId, linkId, features, ...noCallYet };
}

/** What a move is at the door: an admission that lets them pass lock and lobby. */
export function buildAdmittedEntry(move: Move): NonNullable<AdmissionState['entry']> {
  const { role, movedAt, expiresAt } = move;
  return { id: '', status: 'admitted', role, createdAt: movedAt, decidedAt: movedAt, expiresAt };
}
