import {
  addGroups,
  type BucketTotals,
  type CallType,
  estimateDistinct,
  figureOf,
  isExactTop,
  presentRange,
  totalOf,
} from '../rollups/index.ts';
import type { Totals } from './overview.schemas.ts';
import type { Overview, Timeline, Top } from './read-overview.ts';

/** Seconds with three decimals. */
const seconds = (ms: number | string): number => Math.round(Number(ms)) / 1000;

function presentTotals(buckets: readonly BucketTotals[]): Totals {
  const sum = (pick: (bucket: BucketTotals) => number | string) =>
    buckets.reduce((total, bucket) => total + Number(pick(bucket)), 0);
  const calls = sum((each) => each.calls);
  const durationMs = sum((each) => each.durationMs);
  const types = addGroups(buckets.map(({ callTypes }) => callTypes));
  const typeOf = (type: CallType) => {
    const [count = 0, ms = 0] = types.get(type) ?? [];
    return { calls: count, callSeconds: seconds(ms) };
  };
  return {
    calls,
    lostCalls: sum((each) => each.lostCalls),
    agentCalls: sum((each) => each.agentCalls),
    callSeconds: seconds(durationMs),
    averageCallSeconds: calls === 0 ? null : seconds(durationMs / calls),
    callTypes: {
      audio: typeOf('audio'),
      video: typeOf('video'),
      screenShare: typeOf('screen_share'),
    },
    participations: sum((each) => each.participations),
    guestParticipations: sum((each) => each.guests),
    participantSeconds: seconds(sum((each) => each.connectedMs)),
    activeUsers: estimateDistinct(buckets.map(({ people }) => people)),
    sentBytes: sum((each) => each.bytesSent),
    receivedBytes: sum((each) => each.bytesReceived),
    impairedParticipations: figureOf(
      totalOf(addGroups(buckets.map(({ byCause }) => byCause)).values()),
      'impaired',
    ),
  };
}

export const presentOverview = ({ range, current, previous, members }: Overview) => ({
  range: presentRange(range),
  members,
  current: presentTotals(current),
  previous: presentTotals(previous),
});

export const presentTimeline = ({ range, rows }: Timeline) => ({
  range: presentRange(range),
  data: rows.map(({ startsAt, calls, lostCalls, participations, connectedMs }) => ({
    startsAt,
    calls: Number(calls),
    lostCalls: Number(lostCalls),
    participations: Number(participations),
    participantSeconds: seconds(connectedMs),
  })),
});

/** @param idName name of the field with the id */
export const presentTop = <K extends string>({ range, rows }: Top, idName: K) => ({
  range: presentRange(range),
  exact: isExactTop(
    rows.map(({ connectedMs, missingMs, othersMs }) => ({
      connectedMs: Number(connectedMs),
      missingMs: Number(missingMs),
      othersMs: Number(othersMs),
    })),
  ),
  data: rows.map(({ id, name, connectedMs, calls }) => ({
    ...({ [idName]: id } as Record<K, string>),
    name,
    participantSeconds: seconds(connectedMs),
    calls: Number(calls),
  })),
});
