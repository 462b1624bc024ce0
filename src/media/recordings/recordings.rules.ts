import { type EgressGround, stopReasonOf as egressStopReasonOf } from '../egress/index.ts';
import type { RecordingReason, RecordingState, RecordingStopReason } from './recordings.enums.ts';
import type { Recording } from './recordings.tables.ts';

/**
 * The moves of a recording: from each state to those in the list, and to no other. It comes back from nowhere but a hold and a
 * compression, during which its file stays available.
 */
export const MOVES: Readonly<Record<RecordingState, readonly RecordingState[]>> = {
  requested: ['starting', 'active', 'finalizing', 'verifying', 'failed', 'lost'],
  starting: ['active', 'finalizing', 'verifying', 'failed', 'lost'],
  active: ['finalizing', 'verifying', 'failed', 'lost'],
  finalizing: ['verifying', 'failed', 'lost'],
  verifying: ['ready', 'failed'],
  ready: ['compressing', 'held', 'expired', 'deleted'],
  compressing: ['ready', 'held', 'expired', 'deleted'],
  held: ['ready'],
  failed: ['expired', 'deleted'],
  lost: ['expired', 'deleted'],
  expired: [],
  deleted: [],
};

/** In these states a recording has not come to its end. */
export const OPEN_STATES = ['requested', 'starting', 'active', 'finalizing', 'verifying'] as const;
/** In these states its cluster is expected to have it, or to begin it. */
export const CLUSTER_STATES = ['requested', 'starting', 'active', 'finalizing'] as const;
/** In these states its recorder may still be running. */
export const RUNNING_STATES = ['requested', 'starting', 'active'] as const;
/** In these states its file was verified, and exists. */
export const STORED_STATES = ['ready', 'compressing', 'held'] as const;
/** In these states its file is gone, and nothing can follow. */
export const GONE_STATES = ['expired', 'deleted'] as const;

const includes = (states: readonly RecordingState[], state: RecordingState) => states.includes(state);
export const isOver = (state: RecordingState): boolean => !includes(OPEN_STATES, state);
export const isRunning = (state: RecordingState): boolean => includes(RUNNING_STATES, state);
export const isStored = (state: RecordingState): boolean => includes(STORED_STATES, state);
export const isGone = (state: RecordingState): boolean => includes(GONE_STATES, state);

/** Which recordings of a room are selected: those of all calls, or of the calls that are open to a guest. */
export interface RecordingScope {
  organizationId: string;
  roomId: string;
  guest: string | null;
}

/** Changes of a recording. */
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
    | 'checksum'
    | 'checksumBegunAt'
    | 'storedBytes'
    | 'agreedAt'
    | 'begunAt'
    | 'stopRequestedAt'
    | 'stopReason'
    | 'deleteRequestedAt'
    | 'deletionCause'
  >
>;

/** Moves to a state, if the present state allows it; otherwise nothing changes. */
export function moveTo(
  { state: from }: Pick<Recording, 'state'>,
  state: RecordingState,
  reason: RecordingReason | null,
  nowMs: number,
): RecordingChange {
  return MOVES[from].includes(state) ? { state, reason, stateAt: new Date(nowMs) } : {};
}

/** What decides whether a recording may run. */
export interface RecordingGround extends EgressGround {
  /** Whether somebody who had to agree to it has withdrawn that. */
  isConsentRefused: boolean;
  /** Whether it is written to the storage of the product although the organization has used that up. */
  isStorageFull: boolean;
}

/** Why a recording has to stop; null while it may run. */
export function stopReasonOf(ground: RecordingGround): RecordingStopReason | null {
  const reason = egressStopReasonOf(ground);
  if (reason) return reason;
  if (ground.isConsentRefused) return 'consent_missing';
  return ground.isStorageFull ? 'storage_full' : null;
}

/** Whether its file is to be deleted because the time that it is kept is over. */
export const isExpired = ({ state, expiresAt, deleteRequestedAt }: Recording, nowMs: number): boolean =>
  MOVES[state].includes('expired') &&
  !deleteRequestedAt &&
  expiresAt !== null &&
  expiresAt.getTime() <= nowMs;

/** Why a recording failed whose recorder completed it: its storage does not have it as it was written. */
const BUCKET_REASONS: readonly RecordingReason[] = [
  'bucket_removed',
  'object_missing',
  'size_differs',
  'not_verified',
];

/**
 * Whether its duration is counted: the recorder completed it, and nothing but a bucket, which is the customer's, speaks against that. It
 * stays so when the file is deleted, because the reason stays.
 */
export const isCounted = ({
  state,
  reason,
  storage,
}: Pick<Recording, 'state' | 'reason' | 'storage'>): boolean =>
  isOver(state) &&
  (reason === null ||
    reason === 'limit_reached' ||
    (storage === 'bucket' && BUCKET_REASONS.includes(reason)));

/** The time that people have to agree to a requested recording. */
export const CONSENT_MS = 2 * 60_000;

/** The answers of the people in the call to a recording. */
export interface ConsentGround {
  /** Somebody refused, or withdrew their consent, since it was asked for, and has not agreed again. */
  isConsentRefused: boolean;
  /** Somebody in the call has not agreed. */
  isConsentMissing: boolean;
}

/** Whether a recording waits until everybody in the call has agreed. */
export const waitsForConsent = ({
  state,
  consentDueAt,
  agreedAt,
}: Pick<Recording, 'state' | 'consentDueAt' | 'agreedAt'>): boolean =>
  state === 'requested' && consentDueAt !== null && agreedAt === null;

/** What the answers mean for a recording that waits for them: it has failed, may begin, or keeps waiting. */
export function changeByConsent(
  recording: Recording,
  { isConsentRefused, isConsentMissing }: ConsentGround,
  nowMs: number,
): RecordingChange {
  const isOverdue = nowMs >= recording.consentDueAt!.getTime();
  if (isConsentRefused || (isConsentMissing && isOverdue))
    return moveTo(recording, 'failed', 'consent_missing', nowMs);
  // It waits for a recorder from now on.
  return isConsentMissing ? {} : { agreedAt: new Date(nowMs), stateAt: new Date(nowMs) };
}
