import type { PresenceStatus, PresenceView } from '../inbox/index.ts';
import { presenceErrors } from './presence.errors.ts';
import type { presences } from './presence.tables.ts';

type PresenceRow = typeof presences.$inferSelect;

/** What a person has said and set, with the defaults of who never did. */
export type StoredPresence = Omit<PresenceRow, 'organizationId' | 'userId' | 'updatedAt'>;

export const DEFAULT_PRESENCE: StoredPresence = {
  status: 'online',
  message: null,
  expiresAt: null,
  visibility: 'everyone',
  screenUnknown: false,
  favouritesRing: true,
  version: 1,
};

/** What a person is to somebody who looks. */
export interface ViewerRelation {
  /** The viewer is in the person's address book. */
  listed: boolean;
  blocked: boolean;
}

/** What is known of a person, whatever they say. */
export interface LivePresence {
  /** A device of theirs is connected. */
  connected: boolean;
  inCall: boolean;
}

/** What was said as it holds at a moment: after its end it is as if nothing had been said. */
export function presenceAt(storedPresence: StoredPresence | null | undefined, nowMs: number): StoredPresence {
  if (!storedPresence) return DEFAULT_PRESENCE;
  const isExpired = storedPresence.expiresAt !== null && storedPresence.expiresAt.getTime() <= nowMs;
  return isExpired
    ? { ...storedPresence, status: DEFAULT_PRESENCE.status, message: null, expiresAt: null }
    : storedPresence;
}

/**
 * How somebody stands: who chose to look offline or has no device connected is offline; who did not choose otherwise
 * is busy in a call. `dnd` stays `dnd` in a call.
 */
export function effectiveStatus(chosen: PresenceStatus, livePresence: LivePresence): PresenceStatus {
  if (chosen === 'offline' || !livePresence.connected) return 'offline';
  return livePresence.inCall && chosen !== 'dnd' ? 'busy' : chosen;
}

/** Whether the viewer may see anything of the person's presence. Who is blocked never does. */
export function canSeePresence({ visibility }: StoredPresence, { listed, blocked }: ViewerRelation): boolean {
  if (blocked || visibility === 'nobody') return false;
  return visibility === 'everyone' || listed;
}

/** A person's presence as a viewer may see it; hidden and offline look the same. */
export function presentPresence(
  userId: string,
  storedPresence: StoredPresence,
  relation: ViewerRelation | 'self',
  livePresence: LivePresence,
): PresenceView {
  const visible = relation === 'self' || canSeePresence(storedPresence, relation);
  const status = visible ? effectiveStatus(storedPresence.status, livePresence) : 'offline';
  return { userId, status, message: status === 'offline' ? null : storedPresence.message };
}

/** @throws AppError `presence.expiry_in_past` */
export function requireFutureExpiry(expiresAt: Date | null, nowMs: number): void {
  if (expiresAt !== null && expiresAt.getTime() <= nowMs) throw presenceErrors.expiryInPast();
}
