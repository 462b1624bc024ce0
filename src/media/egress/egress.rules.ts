import { isWorthCommit } from '../cluster-rows/index.ts';

/** How long an egress may wait for a recorder. */
export const UNSTARTED_MS = 60_000;
/** A cluster that does not list an egress for so long has lost it. */
export const UNLISTED_MS = 120_000;
/** A recorder that does not begin, or does not come to its end after it was stopped, hangs. */
const STARTING_MS = 5 * 60_000;
const STOPPING_MS = 60 * 60_000;
/** How often it is stored that the cluster still lists an egress: well before it would be lost. */
const LISTED_AGAIN_MS = 45_000;

/** In these states the cluster is expected to list an egress, or to begin it. */
const AT_CLUSTER_STATES = ['requested', 'starting', 'active', 'finalizing'];

/** What every row about an egress has. */
export interface EgressRow {
  state: string;
  /** When it came into its state. */
  stateAt: Date;
  /** Its id at the cluster; null until it has begun. */
  egress: string | null;
  /** When the cluster was last asked to begin it. */
  begunAt: Date | null;
  /** When the cluster's list last had it. */
  listedAt: Date | null;
  stopRequestedAt: Date | null;
}

/** The end of an egress that does not end by itself. */
export type EgressEnd =
  | { state: 'failed'; reason: 'stopped_before_start' | 'no_recorder' | 'refused' | 'recorder_hangs' }
  | { state: 'lost'; reason: 'not_listed' };

/** What follows when a listed recorder does not begin or end; null while it still may. */
export function endByHanging(row: EgressRow, nowMs: number): EgressEnd | null {
  const { state, stateAt, stopRequestedAt } = row;
  const hangs = { state: 'failed', reason: 'recorder_hangs' } as const;
  if (state === 'starting') return nowMs - stateAt.getTime() >= STARTING_MS ? hangs : null;
  const stoppingSince = state === 'finalizing' ? stateAt : state === 'active' ? stopRequestedAt : null;
  return stoppingSince && nowMs - stoppingSince.getTime() >= STOPPING_MS ? hangs : null;
}

/** What follows when the cluster does not list it: after a time it is lost, or was never begun; null until then. */
export function endByAbsence(row: EgressRow, nowMs: number): EgressEnd | null {
  const { state, stateAt, listedAt } = row;
  if (!AT_CLUSTER_STATES.includes(state)) return null;
  if (state === 'requested')
    return nowMs - stateAt.getTime() >= UNSTARTED_MS ? { state: 'failed', reason: 'no_recorder' } : null;
  const seenMs = (listedAt ?? stateAt).getTime();
  return nowMs - seenMs >= UNLISTED_MS ? { state: 'lost', reason: 'not_listed' } : null;
}

/** Whether a change is worth a commit: that the cluster listed the egress a moment ago again is not. */
export function isNews<Row extends EgressRow>({ listedAt, ...row }: Row, change: Partial<Row>): boolean {
  const { listedAt: nextListedAt, ...rest } = change;
  if (nextListedAt && (!listedAt || nextListedAt.getTime() - listedAt.getTime() >= LISTED_AGAIN_MS))
    return true;
  return isWorthCommit<object>(row, rest);
}
