import type { PresenceStatus, PresenceView } from '../inbox/index.ts';
import { presenceErrors } from './presence.errors.ts';
import type { presences } from './presence.tables.ts';

type PresenceRow = typeof presences.$inferSelect;

/** What a person has said and set, with the defaults of who never did. */
export type Said = Omit<PresenceRow, 'organizationId' | 'userId' | 'updatedAt'>;

export const UNSAID: Said = {
  status: 'online',
  message: null,
  expiresAt: null,
  visibility: 'everyone',
  screenUnknown: false,
  favouritesRing: true,
  version: 1,
};

/** What a person is to somebody who looks. */
export interface Relation {
  /** The viewer is in the person's address book. */
  listed: boolean;
  blocked: boolean;
}

/** What is known of a person, whatever they say. */
export interface Known {
  /** A device of theirs is connected. */
  connected: boolean;
  inCall: boolean;
}

/** What was said as it holds at a moment: after its end it is as if nothing had been said. */
export function saidAt(said: Said | null | undefined, nowMs: number): Said {
  if (!said) return UNSAID;
  const over = said.expiresAt !== null && said.expiresAt.getTime() <= nowMs;
  return over ? { ...said, status: UNSAID.status, message: null, expiresAt: null } : said;
}

/**
 * How somebody stands: who chose to look offline or has no device connected is offline; who did not choose otherwise
 * is busy in a call. `dnd` stays `dnd` in a call.
 */
export function statusOf(chosen: PresenceStatus, known: Known): PresenceStatus {
  if (chosen === 'offline' || !known.connected) return 'offline';
  return known.inCall && chosen !== 'dnd' ? 'busy' : chosen;
}

/** Whether the viewer may see anything of the person's presence. Who is blocked never does. */
export function maySee({ visibility }: Said, { listed, blocked }: Relation): boolean {
  if (blocked || visibility === 'nobody') return false;
  return visibility === 'everyone' || listed;
}

/** A person's presence as a viewer may see it; hidden and offline look the same. */
export function viewOf(userId: string, said: Said, relation: Relation | 'self', known: Known): PresenceView {
  const visible = relation === 'self' || maySee(said, relation);
  const status = visible ? statusOf(said.status, known) : 'offline';
  return { userId, status, message: status === 'offline' ? null : said.message };
}

/** @throws AppError `presence.expiry_in_past` */
export function requireFuture(expiresAt: Date | null, nowMs: number): void {
  if (expiresAt !== null && expiresAt.getTime() <= nowMs) throw presenceErrors.expiryInPast();
}
