import type { RoomCloseName, RoomEventDraft, TransientFrame } from '../protocol/index.ts';
import type { RoomStateChange } from './room-state.rules.ts';

/** The sockets that receive a frame or are closed. `all` is everybody in the room, without the lobby. */
export type Audience =
  | { kind: 'all' }
  | { kind: 'moderators' }
  | { kind: 'identities'; identities: readonly string[] }
  | { kind: 'waiting'; lobbyEntryId: string }
  /** Every socket of an identity, including those in the lobby. */
  | { kind: 'sockets'; identity: string }
  /**
   * Every socket with a given credential, including those in the lobby, and sockets of `userId` without a stored
   * credential.
   */
  | { kind: 'credential'; credential: string; userId: string | null }
  /** Every socket, including those in the lobby. */
  | { kind: 'everyone' };

/** The result of a frame or a command, to be applied in this order, all or nothing. */
export interface RoomOutcome {
  changes: RoomStateChange[];
  /** Events get their `seq` when they are stored. */
  events: RoomEventDraft[];
  transient: { to: Audience; frame: TransientFrame }[];
  closes: { to: Audience; closeName: RoomCloseName }[];
}

export const NO_OUTCOME: RoomOutcome = { changes: [], events: [], transient: [], closes: [] };

export const createOutcome = (parts: Partial<RoomOutcome>): RoomOutcome => ({ ...NO_OUTCOME, ...parts });

export const toIsoTime = (ms: number): string => new Date(ms).toISOString();
