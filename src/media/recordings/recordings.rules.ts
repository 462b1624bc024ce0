import type { RecordingReason, RecordingState, StopReason } from './recordings.enums.ts';
import type { Recording } from './recordings.tables.ts';

/**
 * The moves of a recording: from each state to those in the list, and to no other. It comes back from nowhere but a hold, which
 * is no progress of its own.
 */
export const MOVES: Readonly<Record<RecordingState, readonly RecordingState[]>> = {
  requested: ['starting', 'active', 'finalizing', 'verifying', 'failed', 'lost'],
  starting: ['active', 'finalizing', 'verifying', 'failed', 'lost'],
  active: ['finalizing', 'verifying', 'failed', 'lost'],
  finalizing: ['verifying', 'failed', 'lost'],
  verifying: ['ready', 'failed'],
  ready: ['held', 'expired', 'deleted'],
  held: ['ready'],
  failed: ['expired', 'deleted'],
  lost: ['expired', 'deleted'],
  expired: [],
  deleted: [],
};

/** In these states a recording has not come to its end. */
export const OPEN_STATES = ['requested', 'starting', 'active', 'finalizing', 'verifying'] as const;
/** In these states its recorder may still be running. */
export const RUNNING_STATES = ['requested', 'starting', 'active'] as const;
/** In these states its file is gone, and nothing can follow. */
export const GONE_STATES = ['expired', 'deleted'] as const;

const includes = (states: readonly RecordingState[], state: RecordingState) => states.includes(state);
export const isOver = (state: RecordingState): boolean => !includes(OPEN_STATES, state);
export const isRunning = (state: RecordingState): boolean => includes(RUNNING_STATES, state);
export const isGone = (state: RecordingState): boolean => includes(GONE_STATES, state);

/** What changes of a recording. */
export type RecordingChange = Partial<
  Pick<
    Recording,
    | 'state'
    | 'reason'
    | 'egress'
    | 'sizeBytes'
    | 'durationMs'
    | 'startedAt'
    | 'endedAt'
    | 'stateAt'
    | 'listedAt'
    | 'objectKey'
    | 'etag'
    | 'begunAt'
    | 'stopRequestedAt'
    | 'stopReason'
    | 'deleteRequestedAt'
    | 'deletionCause'
  >
>;

/** Moves to a state, if it is one that follows the present one; otherwise nothing changes. */
export function moveTo(
  { state: from }: Pick<Recording, 'state'>,
  state: RecordingState,
  reason: RecordingReason | null,
  nowMs: number,
): RecordingChange {
  return MOVES[from].includes(state) ? { state, reason, stateAt: new Date(nowMs) } : {};
}

/** What decides whether a recording may run. */
export interface RecordingGround {
  callStatus: string;
  isRoomDeleted: boolean;
  isOrganizationDeleted: boolean;
  /** The room's setting. */
  isSwitchedOn: boolean;
  /** The plan's. */
  isIncluded: boolean;
}

/** Why a recording has to stop; null while it may run. */
export function stopReasonOf(ground: RecordingGround): StopReason | null {
  if (ground.isOrganizationDeleted) return 'organization_deleted';
  if (ground.isRoomDeleted) return 'room_deleted';
  if (!['waiting', 'active'].includes(ground.callStatus)) return 'call_ended';
  if (!ground.isSwitchedOn) return 'switched_off';
  return ground.isIncluded ? null : 'not_included';
}

/** Whether its file is to be deleted because the time that it is kept is over. */
export const isExpired = ({ state, expiresAt, deleteRequestedAt }: Recording, nowMs: number): boolean =>
  MOVES[state].includes('expired') &&
  !deleteRequestedAt &&
  expiresAt !== null &&
  expiresAt.getTime() <= nowMs;

/** Whether its file was verified, also when that was deleted since: those that failed or were lost keep their reason. */
export const wasVerified = ({ state, reason }: Pick<Recording, 'state' | 'reason'>): boolean =>
  (state === 'ready' || state === 'held' || isGone(state)) && (reason === null || reason === 'limit_reached');
