import type { ClusterStream } from '../../calls/clusters/index.ts';
import type { StreamReason, StreamState } from './streams.enums.ts';
import type { Stream } from './streams.tables.ts';
import { endTargets, targetsByReport, type TargetAddress } from '../stream-targets/index.ts';

/** The moves of a stream: from each state to those in the list, and to no other. It never comes back. */
export const MOVES: Readonly<Record<StreamState, readonly StreamState[]>> = {
  requested: ['starting', 'active', 'finalizing', 'ended', 'failed', 'lost'],
  starting: ['active', 'finalizing', 'ended', 'failed', 'lost'],
  active: ['finalizing', 'ended', 'failed', 'lost'],
  finalizing: ['ended', 'failed', 'lost'],
  ended: [],
  failed: [],
  lost: [],
};

/** In these states a stream has not come to its end. */
export const OPEN_STATES = ['requested', 'starting', 'active', 'finalizing'] as const;
/** In these states its recorder may still be sending. */
export const RUNNING_STATES = ['requested', 'starting', 'active'] as const;

const includes = (states: readonly StreamState[], state: StreamState) => states.includes(state);
export const isOver = (state: StreamState): boolean => !includes(OPEN_STATES, state);
export const isRunning = (state: StreamState): boolean => includes(RUNNING_STATES, state);

export type StreamChange = Partial<Stream>;

/** Moves to a state, if the present state allows it; when the stream ends, every target is over. */
export function moveTo(
  { state: from, targets }: Pick<Stream, 'state' | 'targets'>,
  state: StreamState,
  reason: StreamReason | null,
  nowMs: number,
): StreamChange {
  if (!MOVES[from].includes(state)) return {};
  const ended = isOver(state) ? { targets: endTargets(targets, nowMs) } : {};
  return { state, reason, stateAt: new Date(nowMs), ...ended };
}

const OUTCOMES: Readonly<
  Record<ClusterStream['status'], { state: StreamState; reason: StreamReason | null }>
> = {
  starting: { state: 'starting', reason: null },
  active: { state: 'active', reason: null },
  ending: { state: 'finalizing', reason: null },
  complete: { state: 'ended', reason: null },
  limit_reached: { state: 'ended', reason: 'limit_reached' },
  failed: { state: 'failed', reason: 'recorder_failed' },
  aborted: { state: 'failed', reason: 'recorder_aborted' },
};

const toDate = (ms: number | null) => (ms === null ? null : new Date(ms));

/** The changes that follow from a report of the cluster. Reports come in any order: a stream never moves back. */
export function changeByReport(
  stream: Stream,
  report: ClusterStream,
  addresses: readonly TargetAddress[],
  nowMs: number,
): StreamChange {
  if (isOver(stream.state)) return {};
  const { state, reason } = OUTCOMES[report.status];
  const targets = targetsByReport(stream.targets, report.targets, addresses);
  const { segments } = report;
  return {
    targets,
    ...moveTo({ ...stream, targets }, state, reason, nowMs),
    egress: report.egressId,
    segmentCount: segments?.count ?? stream.segmentCount,
    segmentBytes: segments?.sizeBytes ?? stream.segmentBytes,
    startedAt: stream.startedAt ?? toDate(report.startedAtMs),
    endedAt: stream.endedAt ?? toDate(report.endedAtMs),
    listedAt: new Date(nowMs),
  };
}

/** The ids of streams of the product in the layout that a cluster reports; streams of others have none. */
export const streamIdsIn = ({ layout }: Pick<ClusterStream, 'layout'>): string[] =>
  layout.match(/str_[a-z0-9]{26}/g) ?? [];

/** How long media went out, in milliseconds; 0 before the end. A lost stream counts for as long as it was listed. */
export function sentMs({ state, startedAt, endedAt, listedAt }: Stream): number {
  const until = endedAt ?? listedAt;
  if (!isOver(state) || !startedAt || !until) return 0;
  return Math.max(0, until.getTime() - startedAt.getTime());
}
