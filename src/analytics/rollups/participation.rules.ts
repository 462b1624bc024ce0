import {
  type Cause,
  decideVerdicts,
  type Observation,
  summariesOf,
  TOO_FEW_SAMPLES_VERDICT,
} from '../../insights/verdicts/index.ts';
import {
  type CallType,
  type ConnectionType,
  type DeviceType,
  VIDEO_CODECS,
  type MeasuredCodec,
} from './rollups.enums.ts';

/** The measurements of one participant in a call. */
export interface ParticipationQuality {
  connection: ConnectionType;
  cause: Cause;
  device: DeviceType;
  codec: MeasuredCodec;
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

const VIDEO: readonly string[] = VIDEO_CODECS;
const isVideoCodec = (codec: string): codec is MeasuredCodec => VIDEO.includes(codec);

/** The codecs of the video that a sample received; each counts once. */
function receivedCodecs({ tracks }: Observation['sample']): MeasuredCodec[] {
  const received = tracks.flatMap(({ direction, kind, codec }) =>
    direction === 'receive' && kind === 'video' && codec !== undefined ? [codec] : [],
  );
  return [...new Set(received)].map((codec) => (isVideoCodec(codec) ? codec : 'other'));
}

/** The value in the participant's samples that lasted longest; the first one if several lasted as long. */
function longest<T>(
  observations: readonly Observation[],
  valuesOf: (sample: Observation['sample']) => readonly T[],
): ReadonlyMap<string, T> {
  const seconds = new Map<string, Map<T, number>>();
  for (const { identity, sample } of observations) {
    const own = seconds.get(identity) ?? new Map<T, number>();
    seconds.set(identity, own);
    for (const value of valuesOf(sample)) own.set(value, (own.get(value) ?? 0) + sample.windowSeconds);
  }
  return new Map(
    [...seconds].flatMap(([identity, own]) => {
      const [first] = [...own].sort(([, a], [, b]) => b - a);
      return first ? [[identity, first[0]] as const] : [];
    }),
  );
}

const known = (type: ConnectionType): ConnectionType[] => (type === 'unknown' ? [] : [type]);

const scaled = (value: number | null, factor: number): number | null =>
  value === null ? null : Math.round(value * factor);

/** How well each participant of a call received it, by identity; the same verdicts as those of the call's quality. */
export function assessParticipations(
  observations: readonly Observation[],
): (identity: string) => ParticipationQuality {
  const summaries = summariesOf(observations);
  const verdicts = decideVerdicts(observations);
  const connections = longest(observations, (sample) => known(connectionTypeOf(sample)));
  const devices = longest(observations, ({ device }) => (device === undefined ? [] : [device]));
  const codecs = longest(observations, receivedCodecs);
  return (identity) => {
    const { receive, roundTripSeconds } = summaries.get(identity) ?? {
      receive: null,
      roundTripSeconds: null,
    };
    const verdict = verdicts.get(identity) ?? TOO_FEW_SAMPLES_VERDICT;
    return {
      connection: connections.get(identity) ?? 'unknown',
      cause: verdict.cause,
      device: devices.get(identity) ?? 'unknown',
      codec: codecs.get(identity) ?? 'unknown',
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
