import type { CloseName, EventDraft, PassingFrame } from '../realtime/index.ts';
import type { Change } from './state.rules.ts';

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
export interface Outcome {
  changes: Change[];
  /** Get their places in the room's order. */
  events: EventDraft[];
  passing: { to: Audience; frame: PassingFrame }[];
  closing: { to: Audience; why: CloseName }[];
}

export const NOTHING: Outcome = { changes: [], events: [], passing: [], closing: [] };

export const outcome = (parts: Partial<Outcome>): Outcome => ({ ...NOTHING, ...parts });

export const iso = (ms: number): string => new Date(ms).toISOString();
