import type { LeaveReason, ParticipantStatus } from './ledger.enums.ts';
import type { ConnectionState, LedgerState } from './ledger-state.rules.ts';

/** A participant, derived from the connections of one identity. */
export interface ParticipantState {
  identity: string;
  /** Latest name; empty when the cluster never reported one. */
  name: string;
  status: ParticipantStatus;
  joinedAtMs: number | null;
  /** Null while connected. */
  leftAtMs: number | null;
  /** Sum over the connections that have ended. */
  connectedMs: number;
}

const endMs = ({ left }: ConnectionState): number => left?.atMs ?? Infinity;

/** Whether the participant may come back: the connection did not end on purpose, as far as is known. */
const mayReturn = (reason: LeaveReason | null): boolean =>
  reason === null || reason === 'connection_lost' || reason === 'server_stopped' || reason === 'moved';

function statusOf(connections: readonly ConnectionState[], callIsOver: boolean): ParticipantStatus {
  if (connections.length === 0) return 'waiting';
  const last = connections.reduce((a, b) => (endMs(b) >= endMs(a) ? b : a));
  if (last.left === null) return 'connected';
  return mayReturn(last.leaveReason) && !callIsOver ? 'disconnected' : 'left';
}

/** All participants that connected or tried to, by identity. */
export function deriveParticipants({ call, connections }: LedgerState): Map<string, ParticipantState> {
  const callIsOver = call.ended !== null;
  const participants = new Map<string, ParticipantState>();
  for (const [identity, all] of Map.groupBy(connections, (each) => each.identity)) {
    const own = all.filter(({ connected }) => connected);
    const status = statusOf(own, callIsOver);
    participants.set(identity, {
      identity,
      name: all.findLast(({ name }) => name !== '')?.name ?? '',
      status,
      joinedAtMs: own[0]?.joined.atMs ?? null,
      leftAtMs: status === 'connected' || own.length === 0 ? null : Math.max(...own.map(endMs)),
      connectedMs: connectedMs(own),
    });
  }
  return participants;
}

/** Sum of the durations of the connections that have ended, in milliseconds. */
export function connectedMs(connections: readonly ConnectionState[]): number {
  return connections
    .filter(({ connected, left }) => connected && left !== null)
    .reduce((sum, { joined, left }) => sum + left!.atMs - joined.atMs, 0);
}

/** The most identities connected at the same moment. @param counts whether an identity is counted */
export function countPeakParticipants(
  connections: readonly ConnectionState[],
  counts: (identity: string) => boolean,
): number {
  const counted = connections.filter(({ connected, identity }) => connected && counts(identity));
  const steps = counted
    .filter((each) => endMs(each) > each.joined.atMs)
    .flatMap((each) => [
      { atMs: each.joined.atMs, identity: each.identity, by: 1 },
      { atMs: endMs(each), identity: each.identity, by: -1 },
    ])
    // An identity that leaves when another joins does not overlap with it.
    .sort((a, b) => a.atMs - b.atMs || a.by - b.by);
  const open = new Map<string, number>();
  let peak = Math.min(1, counted.length);
  for (const { identity, by } of steps) {
    const left = (open.get(identity) ?? 0) + by;
    if (left > 0) open.set(identity, left);
    else open.delete(identity);
    peak = Math.max(peak, open.size);
  }
  return peak;
}
