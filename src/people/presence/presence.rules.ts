import type { PresenceStatus, PresenceView } from '../inbox/index.ts';
import type { presences } from './presence.tables.ts';

type PresenceRow = typeof presences.$inferSelect;

/** A user's stored presence and settings; `DEFAULT_PRESENCE` for a user who never set any. */
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

/** How the viewer is related to the user whose presence it is. */
export interface ViewerRelation {
  /** The viewer is in the user's address book. */
  listed: boolean;
  /** The user has blocked the viewer. */
  blocked: boolean;
}

/** What the product knows about a user, whatever status they chose. */
export interface LivePresence {
  /** A device of the user is connected. */
  connected: boolean;
  inCall: boolean;
}

/** The stored presence at a time: after its expiry, status and message have their defaults. */
export function presenceAt(storedPresence: StoredPresence | null | undefined, nowMs: number): StoredPresence {
  if (!storedPresence) return DEFAULT_PRESENCE;
  const isExpired = storedPresence.expiresAt !== null && storedPresence.expiresAt.getTime() <= nowMs;
  return isExpired
    ? { ...storedPresence, status: DEFAULT_PRESENCE.status, message: null, expiresAt: null }
    : storedPresence;
}

/**
 * The status to show: `offline` when chosen or without a connected device, `busy` during a call unless `dnd` was chosen,
 * otherwise the chosen status.
 */
export function effectiveStatus(chosen: PresenceStatus, livePresence: LivePresence): PresenceStatus {
  if (chosen === 'offline' || !livePresence.connected) return 'offline';
  return livePresence.inCall && chosen !== 'dnd' ? 'busy' : chosen;
}

/** Whether the viewer may see the user's presence. A blocked viewer never may. */
export function canSeePresence({ visibility }: StoredPresence, { listed, blocked }: ViewerRelation): boolean {
  if (blocked || visibility === 'nobody') return false;
  return visibility === 'everyone' || listed;
}

/** A user's presence as the viewer may see it; hidden and offline look the same. */
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
