import type { RoomCloseName, RoomEventDraft, TransientFrame } from '../protocol/index.ts';
import type { RoomStateChange } from './room-state.rules.ts';

/** Who is meant. Those who wait in the lobby are never among `all`. */
export type Audience =
  | { kind: 'all' }
  | { kind: 'moderators' }
  | { kind: 'identities'; identities: readonly string[] }
  | { kind: 'waiting'; lobbyEntryId: string }
  /** Every socket of somebody, wherever it waits. */
  | { kind: 'sockets'; identity: string }
  /** Every socket there is. */
  | { kind: 'everyone' };

/** What follows from a frame or a command, to be done in this order, all of it or nothing. */
export interface RoomOutcome {
  changes: RoomStateChange[];
  /** Get their places in the room's order. */
  events: RoomEventDraft[];
  transient: { to: Audience; frame: TransientFrame }[];
  closes: { to: Audience; closeName: RoomCloseName }[];
}

export const NO_OUTCOME: RoomOutcome = { changes: [], events: [], transient: [], closes: [] };

export const createOutcome = (parts: Partial<RoomOutcome>): RoomOutcome => ({ ...NO_OUTCOME, ...parts });

export const toIsoTime = (ms: number): string => new Date(ms).toISOString();
