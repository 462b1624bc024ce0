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

/** A move with the switches of a guest's link. */
export interface MoveWithSwitches {
  move: Move;
  switches: ModerationTarget['switches'];
}

/** How long a moved person can enter: as long as their ticket opens the other room's socket. */
export const MOVE_EXPIRY_SECONDS = ROOM_TICKET_SECONDS;

/** Until then moved people keep the media of the room that they leave, unless they follow earlier. */
export const MEDIA_GRACE_MS = 30_000;

/** A person to move, in the role they get in the destination. */
export interface PersonToMove extends Pick<ModerationTarget, 'switches'> {
  identity: string;
  kind: Move['kind'];
  userId: string | null;
  linkId: string | null;
  /** Their credential: a session or an API key; absent or null when it is not known. */
  credential?: string | null;
  name: string;
  role: RoomRole;
}

/** Sends a person their ticket through the live room they leave; its key makes repeating it harmless. */
export function buildMoveCommand(
  { identity, roomId, movedAt }: Move,
  ticket: string,
  by: string | null,
): LiveCommand {
  const atMs = movedAt.getTime();
  const key = `${identity}:moved:${roomId}:${atMs}`;
  return { type: 'participant.moved', key, atMs, by, identity, toRoomId: roomId, ticket };
}

/** The claims of the ticket that opens the destination's socket and admits the person to it. */
export function buildTicketClaims({ move, switches }: MoveWithSwitches, to: Room): RoomTicketClaims {
  const { organizationId, roomId, identity, name, role, kind, userId, linkId, credential } = move;
  const features = allowedFeatures(to, disabledFeaturesOf(switches));
  const noCallYet = { participantId: null, callId: null, lobbyEntryId: null };
  const person = { identity, name, role, kind, userId, linkId, credential };
  return { organizationId, roomId, ...person, features, ...noCallYet };
}

/**
 * Whether a move has served its purpose: it leads into one call, and its person returns to that call by their seat. To a
 * breakout room people can return as long as the move lasts, also when everybody had left.
 */
export const isMoveUsed = (
  { move, to }: { move: Pick<Move, 'enteredAt'>; to: Pick<Room, 'parentRoomId'> },
  { seat }: Pick<AdmissionState, 'seat'>,
): boolean => move.enteredAt !== null && to.parentRoomId === null && seat === undefined;
