/** The fields of WebRTC's statistics that the page needs; an entry has only those of its type. */
interface StatEntry {
  type: string;
  kind?: string;
  nominated?: boolean;
  packetsSent?: number;
  packetsReceived?: number;
  packetsLost?: number;
  bytesSent?: number;
  bytesReceived?: number;
  headerBytesSent?: number;
  headerBytesReceived?: number;
  jitter?: number;
  currentRoundTripTime?: number;
  availableOutgoingBitrate?: number;
  framesPerSecond?: number;
  frameWidth?: number;
  frameHeight?: number;
  freezeCount?: number;
  totalFreezesDuration?: number;
  qualityLimitationReason?: string;
}
export type StatEntries = readonly StatEntry[];

/** Counters of a track, which run since it began. */
interface Counters {
  packets: number;
  packetsLost: number;
  bytes: number;
  /** Bytes of all packets with their headers, as a media server counts them. */
  packetBytes: number;
  freezes: number;
  freezeSeconds: number;
}

/** A track that is measured. */
export interface MeasuredTrack {
  id: string;
  kind: 'audio' | 'video';
  source: 'microphone' | 'camera' | 'screen_share' | 'screen_share_audio' | 'unknown';
  /** Undefined for the participant's own. */
  publisherIdentity?: string | undefined;
  muted: boolean;
  entries: StatEntries;
}

const sum = (entries: StatEntries, read: (entry: StatEntry) => number | undefined) =>
  entries.reduce((total, entry) => total + (read(entry) ?? 0), 0);
const highest = (entries: StatEntries, read: (entry: StatEntry) => number | undefined) => {
  const values = entries.flatMap((entry) => read(entry) ?? []);
  return values.length === 0 ? undefined : Math.max(...values);
};
const ofType = (entries: StatEntries, type: string) => entries.filter((entry) => entry.type === type);

/** A sent track has an entry for each layer, and entries of what the server received; a received track has one entry. */
function countersOf({ entries, publisherIdentity }: MeasuredTrack): Counters {
  const isSent = publisherIdentity === undefined;
  const streams = ofType(entries, isSent ? 'outbound-rtp' : 'inbound-rtp');
  const lossEntries = ofType(entries, isSent ? 'remote-inbound-rtp' : 'inbound-rtp');
  const packetsLost = Math.max(
    0,
    sum(lossEntries, (entry) => entry.packetsLost),
  );
  const packets = sum(streams, (entry) => (isSent ? entry.packetsSent : entry.packetsReceived));
  const bytes = sum(streams, (entry) => (isSent ? entry.bytesSent : entry.bytesReceived));
  const headers = sum(streams, (entry) => (isSent ? entry.headerBytesSent : entry.headerBytesReceived));
  return {
    packets: isSent ? packets : packets + packetsLost,
    packetsLost,
    bytes,
    packetBytes: bytes + headers,
    freezes: sum(streams, (entry) => entry.freezeCount),
    freezeSeconds: sum(streams, (entry) => entry.totalFreezesDuration),
  };
}

const LIMITATIONS = ['none', 'cpu', 'bandwidth', 'other'];

function videoFields({ entries, publisherIdentity }: MeasuredTrack) {
  const streams = ofType(entries, publisherIdentity === undefined ? 'outbound-rtp' : 'inbound-rtp');
  const reasons = streams.flatMap(({ qualityLimitationReason }) => qualityLimitationReason ?? []);
  const reason = reasons.find((each) => each !== 'none') ?? reasons[0];
  return {
    framesPerSecond: highest(streams, (entry) => entry.framesPerSecond),
    width: highest(streams, (entry) => entry.frameWidth),
    height: highest(streams, (entry) => entry.frameHeight),
    ...(reason !== undefined && LIMITATIONS.includes(reason) ? { limitation: reason } : {}),
  };
}

function sampleOfTrack(track: MeasuredTrack, now: Counters, before: Counters, windowSeconds: number) {
  const { kind, source, publisherIdentity, muted, entries } = track;
  const isSent = publisherIdentity === undefined;
  const growth = (name: keyof Counters) => Math.max(0, now[name] - before[name]);
  return {
    direction: isSent ? 'send' : 'receive',
    kind,
    source,
    publisherIdentity,
    muted,
    packets: growth('packets'),
    packetsLost: Math.min(growth('packetsLost'), growth('packets')),
    jitterSeconds: highest(
      ofType(entries, isSent ? 'remote-inbound-rtp' : 'inbound-rtp'),
      (entry) => entry.jitter,
    ),
    bitrateBps: Math.round((growth('bytes') * 8) / windowSeconds),
    ...(kind === 'video' ? videoFields(track) : {}),
    ...(kind === 'video' && !isSent
      ? { freezes: growth('freezes'), freezeSeconds: Math.min(windowSeconds, growth('freezeSeconds')) }
      : {}),
  };
}

const MAX_TRACKS = 64;
const MIN_WINDOW_SECONDS = 0.5;
const MAX_WINDOW_SECONDS = 60;

/** Turns WebRTC's statistics into samples; a track counts from its second measurement on, its bytes from its beginning on. */
export class Measurer {
  #counters = new Map<string, Counters>();
  /** Bytes of each track at the last count, including tracks that are gone. */
  readonly #counted = new Map<string, number>();
  #sentBytes = 0;
  #receivedBytes = 0;
  #measuredAtMs: number | undefined;

  /** @returns undefined for the first measurement, and for a measurement that comes too soon or too late */
  measure(tracks: readonly MeasuredTrack[], nowMs: number) {
    const before = this.#counters;
    const windowSeconds = (nowMs - (this.#measuredAtMs ?? nowMs)) / 1000;
    this.#counters = new Map(tracks.map((track) => [track.id, countersOf(track)]));
    this.#measuredAtMs = nowMs;
    this.#countBytes(tracks);
    if (windowSeconds < MIN_WINDOW_SECONDS || windowSeconds > MAX_WINDOW_SECONDS) return undefined;
    const pairs = ofType(
      tracks.flatMap(({ entries }) => entries),
      'candidate-pair',
    ).filter(({ nominated }) => nominated);
    return {
      measuredAt: new Date(nowMs).toISOString(),
      windowSeconds,
      roundTripSeconds: highest(pairs, (entry) => entry.currentRoundTripTime),
      availableOutgoingBps: highest(pairs, (entry) => entry.availableOutgoingBitrate),
      sentBytes: this.#sentBytes,
      receivedBytes: this.#receivedBytes,
      tracks: tracks
        .filter(({ id }) => before.has(id))
        .slice(0, MAX_TRACKS)
        .map((track) =>
          sampleOfTrack(track, this.#counters.get(track.id)!, before.get(track.id)!, windowSeconds),
        ),
    };
  }

  /** A lower counter has restarted, as after a reconnection, and counts from zero. */
  #countBytes(tracks: readonly MeasuredTrack[]): void {
    for (const { id, publisherIdentity } of tracks) {
      const now = this.#counters.get(id)!.packetBytes;
      const last = this.#counted.get(id) ?? 0;
      const growth = now >= last ? now - last : now;
      this.#counted.set(id, now);
      if (publisherIdentity === undefined) this.#sentBytes += growth;
      else this.#receivedBytes += growth;
    }
  }
}
