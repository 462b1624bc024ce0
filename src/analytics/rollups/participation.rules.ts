import {
  type Cause,
  decideVerdicts,
  type Observation,
  summariesOf,
  TOO_FEW_SAMPLES_VERDICT,
} from '../../insights/verdicts/index.ts';
import type { CallType, ConnectionType } from './rollups.enums.ts';

/** What clients measured of one participant in a call. */
export interface ParticipationQuality {
  connection: ConnectionType;
  cause: Cause;
  /** In hundredths. */
  mos: number | null;
  roundTripMs: number | null;
  jitterMs: number | null;
  /** Lost packets in a million. */
  lossPpm: number | null;
  bitrateKbps: number | null;
}

function connectionTypeOf({ protocol, candidateType }: Observation['sample']): ConnectionType {
  if (protocol === 'tls' || protocol === 'tcp') return protocol;
  if (candidateType === 'relay') return 'relay';
  return protocol ?? 'unknown';
}

/** The connection type of each participant that lasted longest; one that is known before `unknown`. */
function connectionTypes(observations: readonly Observation[]): ReadonlyMap<string, ConnectionType> {
  const seconds = new Map<string, Map<ConnectionType, number>>();
  for (const { identity, sample } of observations) {
    const type = connectionTypeOf(sample);
    if (type === 'unknown') continue;
    const own = seconds.get(identity) ?? new Map<ConnectionType, number>();
    seconds.set(identity, own);
    own.set(type, (own.get(type) ?? 0) + sample.windowSeconds);
  }
  return new Map(
    [...seconds].map(([identity, own]) => [identity, [...own].sort(([, a], [, b]) => b - a)[0]![0]]),
  );
}

const scaled = (value: number | null, factor: number): number | null =>
  value === null ? null : Math.round(value * factor);

/** How well each participant of a call received it, by identity; the same verdicts as those of the call's quality. */
export function assessParticipations(
  observations: readonly Observation[],
): (identity: string) => ParticipationQuality {
  const summaries = summariesOf(observations);
  const verdicts = decideVerdicts(observations);
  const connections = connectionTypes(observations);
  return (identity) => {
    const { receive, roundTripSeconds } = summaries.get(identity) ?? {
      receive: null,
      roundTripSeconds: null,
    };
    const verdict = verdicts.get(identity) ?? TOO_FEW_SAMPLES_VERDICT;
    return {
      connection: connections.get(identity) ?? 'unknown',
      cause: verdict.cause,
      mos: scaled(receive?.mos ?? null, 100),
      roundTripMs: scaled(roundTripSeconds, 1000),
      jitterMs: scaled(receive?.jitterSeconds ?? null, 1000),
      lossPpm: scaled(receive?.lossRatio ?? null, 1_000_000),
      bitrateKbps: scaled(receive?.bitrateBps ?? null, 1 / 1000),
    };
  };
}

/** The type of a call whose tracks came from these sources. */
export function callTypeOf(sources: readonly string[]): CallType {
  if (sources.includes('screen_share')) return 'screen_share';
  return sources.includes('camera') ? 'video' : 'audio';
}
