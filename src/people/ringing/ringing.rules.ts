import type { PresenceStatus, RingEnd } from '../inbox/index.ts';
import { canSeePresence, type StoredPresence } from '../presence/index.ts';
import { ringErrors } from './ringing.errors.ts';
import type { rings } from './ringing.tables.ts';
import type { RingStatus, UnheardReason } from './ringing.enums.ts';

export type Ring = typeof rings.$inferSelect;

/** Rings from one user to another within `RINGS_WINDOW_MS` at most. */
export const MAX_RINGS = 6;
export const RINGS_WINDOW_MS = 600_000;
/** How long rings are stored. */
export const RETENTION_DAYS = 90;

/** What decides about a ring at the callee's side; read in the callee's scope. */
export interface CalleeState {
  storedPresence: StoredPresence;
  /** The caller is in the callee's address book, `favourite` and `blocked` as noted there. */
  listed: boolean;
  favourite: boolean;
  blocked: boolean;
  /** The callee is in a call, or in another ring. */
  occupied: boolean;
}

/** The first status of a new ring, and why it is silent; null when it sounds. */
export interface RingOutcome {
  status: Extract<RingStatus, 'ringing' | 'declined' | 'busy'>;
  unheard: UnheardReason | null;
}

const silentOutcome = (unheard: UnheardReason): RingOutcome => ({ status: 'ringing', unheard });

/**
 * Decides whether a ring sounds. A caller who may see the callee's presence gets `busy` or `declined` at once. To every
 * other caller, and to one who is blocked or screened, a silent ring looks like one that is not answered.
 */
export function decideOutcome({
  storedPresence,
  listed,
  favourite,
  blocked,
  occupied,
}: CalleeState): RingOutcome {
  if (blocked) return silentOutcome('blocked');
  if (storedPresence.screenUnknown && !listed) return silentOutcome('screened');
  const isPresenceVisible =
    canSeePresence(storedPresence, { listed, blocked }) &&
    storedPresence.status !== ('offline' satisfies PresenceStatus);
  if (storedPresence.status === 'dnd' && !(favourite && storedPresence.favouritesRing))
    return isPresenceVisible
      ? { status: 'declined', unheard: 'do_not_disturb' }
      : silentOutcome('do_not_disturb');
  if (occupied) return isPresenceVisible ? { status: 'busy', unheard: 'busy' } : silentOutcome('busy');
  return { status: 'ringing', unheard: null };
}

/** A ring between the two, in either direction. */
export type RecentRing = Pick<Ring, 'callerId' | 'status' | 'unheard' | 'createdAt' | 'expiresAt'>;

/**
 * Refuses a ring while another one between the two is open, or when the caller has rung too often.
 * @param recentRings rings between the two within `RINGS_WINDOW_MS`, newest first
 * @throws AppError `ringing.already_ringing`, `ringing.crossed` or `ringing.too_many`
 */
export function requireRingAllowed(
  recentRings: readonly RecentRing[],
  callerId: string,
  nowMs: number,
): void {
  const open = recentRings.filter(
    ({ status, expiresAt }) => status === 'ringing' && expiresAt.getTime() > nowMs,
  );
  if (open.some((ring) => ring.callerId === callerId)) throw ringErrors.alreadyRinging();
  if (open.some(({ unheard }) => unheard === null)) throw ringErrors.crossed();
  const own = recentRings.filter((ring) => ring.callerId === callerId);
  const [oldest] = own.slice(MAX_RINGS - 1, MAX_RINGS);
  if (!oldest) return;
  const waitMs = oldest.createdAt.getTime() + RINGS_WINDOW_MS - nowMs;
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  throw ringErrors.tooMany({
    detail: `at most ${MAX_RINGS} in ${RINGS_WINDOW_MS / 1000} s`,
    retryAfterSeconds,
  });
}

export type RingAnswer = Extract<RingEnd, 'accepted' | 'declined' | 'cancelled'>;

/** A ring's status as the viewer sees it: to the callee, a silent ring is missed. */
export function ringStatusFor({ callerId, status, unheard }: Ring, viewerId: string): RingStatus {
  return viewerId !== callerId && unheard !== null ? 'missed' : status;
}

/** Whether the viewer missed the ring: they are the callee and did not answer. */
export function isMissedBy(ring: Ring, viewerId: string): boolean {
  if (viewerId === ring.callerId) return false;
  return ring.unheard !== null || ['missed', 'cancelled', 'busy'].includes(ring.status);
}

/**
 * The change that ends a ring as the actor asks.
 * @throws AppError `ringing.not_yours` or `ringing.over`
 */
export function decideRingEnd(ring: Ring, actorId: string, answer: RingAnswer, nowMs: number): Partial<Ring> {
  const allowedActorId = answer === 'cancelled' ? ring.callerId : ring.calleeId;
  if (actorId !== allowedActorId) throw ringErrors.notYours();
  const status = ringStatusFor(ring, actorId);
  if (status !== 'ringing') throw ringErrors.over({ detail: `it is ${status}` });
  if (ring.expiresAt.getTime() <= nowMs) throw ringErrors.over({ detail: 'its time has run out' });
  return { status: answer, endedAt: new Date(nowMs) };
}

/** Whether the ring was not answered in time. */
export const hasExpired = ({ status, expiresAt }: Ring, nowMs: number): boolean =>
  status === 'ringing' && expiresAt.getTime() <= nowMs;
