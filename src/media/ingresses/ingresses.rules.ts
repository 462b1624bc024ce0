import type { ClusterIngress } from '../../calls/clusters/index.ts';
import { moveState } from '../cluster-rows/index.ts';
import { type IdleReason, type IngressReason, type IngressState, REFUSALS } from './ingresses.enums.ts';
import type { Ingress } from './ingresses.tables.ts';

export type IngressChange = Partial<Ingress>;

/** How long a cluster that refused an ingress is not asked again. */
export const REFUSED_MS = 600_000;

/** How long a cluster may have no worker free to read the address. */
const NO_WORKER_MS = 60_000;

/** How long a session may claim that it publishes after its participant has left. */
const GONE_MS = 15_000;

/** What decides whether, and into which call, media may come in. */
export interface IngressGround {
  isRoomDeleted: boolean;
  isOrganizationDeleted: boolean;
  /** By the plan. */
  isIncluded: boolean;
  /** By a moderator, until it is readmitted. */
  isRemoved: boolean;
  /** The active call of the room; null for none. */
  call: { id: string; cluster: string } | null;
  /** Why the organization may have nobody else in that call; null while it may. */
  refusal: IdleReason | null;
  /** When its participant left that call; null while it is in the call, and before it came. */
  leftAt: Date | null;
}

/** The goal at the cluster. */
export interface IngressGoal {
  /** Whether the cluster has it at all. */
  isThere: boolean;
  /** The call that it may publish into; null for none. */
  call: { id: string; cluster: string } | null;
  /** Why none. */
  reason: IdleReason | null;
  leftAt: Date | null;
}

/** Why the cluster must not have an ingress at all; null while it may. */
function absenceReasonOf(ground: IngressGround): IdleReason | null {
  if (ground.isOrganizationDeleted) return 'organization_deleted';
  if (ground.isRoomDeleted) return 'room_deleted';
  return ground.isIncluded ? null : 'not_included';
}

/** Why nothing may come in by an ingress; null while it may. */
function idleReasonOf(row: Ingress, { isRemoved, call, refusal }: IngressGround): IdleReason | null {
  const { enabled, kind, cluster, callId } = row;
  if (!enabled) return 'disabled';
  if (isRemoved) return 'removed';
  if (!call) return 'no_call';
  // Its key works at one cluster. An ingress that reads a URL has no key, and is created where the call is.
  if (kind !== 'url') return call.cluster === cluster ? refusal : 'other_cluster';
  return callId === call.id && isOver(row) ? null : refusal;
}

/** The states in which an ingress that reads a URL is, or may be, in its call. */
export const READING_STATES = ['requested', 'connecting', 'active'] as const satisfies IngressState[];

/** The call in which an ingress has a place: it is in the call, or may come at any moment. */
export const placeOf = ({ kind, callId, state }: Ingress): string | null =>
  kind !== 'url' || READING_STATES.some((each) => each === state) ? callId : null;

/** The goal of an ingress. One that reads a URL exists at the cluster only while it may read. */
export function goalOf(row: Ingress, ground: IngressGround): IngressGoal {
  const absence = absenceReasonOf(ground);
  const reason = absence ?? idleReasonOf(row, ground);
  const isThere = row.kind === 'url' ? reason === null : absence === null;
  return { isThere, call: reason === null ? ground.call : null, reason, leftAt: ground.leftAt };
}

const toDate = (ms: number | null) => (ms === null ? null : new Date(ms));

const OUTCOMES: Readonly<Record<ClusterIngress['status'], [IngressState, IngressReason | null]>> = {
  inactive: ['idle', null],
  buffering: ['connecting', null],
  publishing: ['active', null],
  error: ['failed', 'source_failed'],
  complete: ['ended', null],
};

/** Whether an ingress that reads a URL has come to its end in the call. */
export const isOver = ({ state }: Pick<Ingress, 'state'>): boolean => state === 'ended' || state === 'failed';

/** Whether nothing comes in by a session of which nothing says that it ended: its worker died, and cannot report that. */
const isLost = ({ status, startedAtMs }: ClusterIngress, leftAt: Date | null, nowMs: number): boolean =>
  status === 'publishing' &&
  leftAt !== null &&
  leftAt.getTime() > (startedAtMs ?? 0) &&
  nowMs - leftAt.getTime() >= GONE_MS;

/** The changes that a report of the cluster means while media may come in. */
export function changeByReport(
  row: Ingress,
  report: ClusterIngress,
  leftAt: Date | null,
  nowMs: number,
): IngressChange {
  const [state, reason] = isLost(report, leftAt, nowMs)
    ? (['failed', 'lost'] as const)
    : OUTCOMES[report.status];
  // An ingress that reads a URL begins with its creation: without a session it is about to have one.
  const isStarting = row.kind === 'url' && report.status === 'inactive';
  return {
    ...(isStarting ? moveState(row, 'connecting', null, nowMs) : moveState(row, state, reason, nowMs)),
    clusterIngress: report.ingressId,
    begunAt: null,
    startedAt: toDate(report.startedAtMs) ?? row.startedAt,
    endedAt: toDate(report.endedAtMs),
  };
}

/** What follows when no worker of the cluster is free to read the address. */
export const changeByNoWorker = (row: Ingress, nowMs: number): IngressChange =>
  nowMs - row.stateAt.getTime() >= NO_WORKER_MS ? moveState(row, 'failed', 'no_worker', nowMs) : {};

/** Whether the cluster refused an ingress a short time ago: asked again, it would say the same. */
export const isJustRefused = ({ state, reason, stateAt }: Ingress, nowMs: number): boolean =>
  state === 'failed' && reason === 'refused' && nowMs - stateAt.getTime() < REFUSED_MS;

/** Whether an ingress that is refused a call is already out of it: its cluster needs not be asked again until it may come in. */
export const isKeptOut = (row: Ingress, { reason }: IngressGoal): boolean =>
  REFUSALS.some((each) => each === reason) &&
  row.state === 'idle' &&
  row.reason === reason &&
  row.begunAt === null &&
  (row.kind === 'url' ? row.clusterIngress : row.callId) === null;

/** Whether the cluster differs from the goal. */
export function differs(row: Ingress, report: ClusterIngress, { call }: IngressGoal): boolean {
  if (report.enabled !== (call !== null)) return true;
  if (call && report.room !== call.id) return true;
  // A change ends the present session, which a name is not worth.
  return report.name !== row.name && !['buffering', 'publishing'].includes(report.status);
}

/** Whether an identity in a call is that of an ingress. */
export const isIngressIdentity = (identity: string): boolean => /^ing_[a-z0-9]{26}$/.test(identity);
