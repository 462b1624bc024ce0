import {
  CANDIDATE_TYPES,
  CODECS,
  DEVICES,
  LIMITATIONS,
  MEDIA_KINDS,
  MEDIA_SOURCES,
  PROTOCOLS,
  type Sample,
  type TrackSample,
} from '../verdicts/index.ts';

/** A sample with the end of its window by the server's clock. */
export interface StoredSample extends Omit<Sample, 'measuredAt'> {
  /** End of the window, in milliseconds since the epoch. */
  endMs: number;
}

type PackedCell = number | null;
type PackedSample = [tracks: PackedCell[][], ...PackedCell[]];
/**
 * Values in the order of `SAMPLE_FIELDS` and `TRACK_FIELDS`; a missing value is null, and cut off at the end. The
 * publishers' identities are stored once, as the first element.
 */
export type PackedBatch = [identities: string[], ...PackedSample[]];

/** How a field is packed into a cell. */
interface PackedField<T> {
  name: keyof T & string;
  enumValues?: readonly string[];
  /** Decimals that are stored. */
  digits?: number;
  flag?: true;
  /** Stored as an index into the identities of the batch. */
  identity?: true;
}

/** Stored by position: add new fields at the end. */
const SAMPLE_FIELDS: readonly PackedField<StoredSample>[] = [
  { name: 'endMs' },
  { name: 'windowSeconds', digits: 2 },
  { name: 'roundTripSeconds', digits: 4 },
  { name: 'availableOutgoingBps', digits: 0 },
  { name: 'protocol', enumValues: PROTOCOLS },
  { name: 'candidateType', enumValues: CANDIDATE_TYPES },
  { name: 'sentBytes' },
  { name: 'receivedBytes' },
  { name: 'device', enumValues: DEVICES },
];

/** Stored by position: add new fields at the end. */
const TRACK_FIELDS: readonly PackedField<TrackSample>[] = [
  { name: 'direction', enumValues: ['send', 'receive'] },
  { name: 'kind', enumValues: MEDIA_KINDS },
  { name: 'source', enumValues: MEDIA_SOURCES },
  { name: 'publisherIdentity', identity: true },
  { name: 'packets' },
  { name: 'packetsLost' },
  { name: 'jitterSeconds', digits: 4 },
  { name: 'bitrateBps', digits: 0 },
  { name: 'concealedRatio', digits: 4 },
  { name: 'jitterBufferSeconds', digits: 3 },
  { name: 'muted', flag: true },
  { name: 'paused', flag: true },
  { name: 'framesPerSecond', digits: 1 },
  { name: 'width' },
  { name: 'height' },
  { name: 'wantedHeight' },
  { name: 'freezes' },
  { name: 'freezeSeconds', digits: 2 },
  { name: 'droppedFramesRatio', digits: 4 },
  { name: 'limitation', enumValues: LIMITATIONS },
  { name: 'codec', enumValues: CODECS },
];

function pack<T extends object>(
  fields: readonly PackedField<T>[],
  value: T,
  identities: string[],
): PackedCell[] {
  const cells = fields.map(({ name, enumValues, digits, flag, identity }): PackedCell => {
    const field = value[name] as number | string | boolean | undefined;
    if (field === undefined) return null;
    if (enumValues) return enumValues.indexOf(String(field));
    if (flag) return field ? 1 : 0;
    if (identity) return (identities.indexOf(String(field)) + 1 || identities.push(String(field))) - 1;
    return digits === undefined ? Number(field) : Number(Number(field).toFixed(digits));
  });
  while (cells.at(-1) === null) cells.pop();
  return cells;
}

function unpack<T extends object>(
  fields: readonly PackedField<T>[],
  cells: readonly PackedCell[],
  identities: readonly string[],
): T {
  const unpacked: Record<string, unknown> = {};
  for (const [index, cell] of cells.entries()) {
    const field = fields[index];
    if (cell === null || !field) continue;
    if (field.enumValues) unpacked[field.name] = field.enumValues[cell];
    else if (field.flag) unpacked[field.name] = cell === 1;
    else unpacked[field.name] = field.identity ? identities[cell] : cell;
  }
  return unpacked as T;
}

/** Packs samples into about a third of their JSON; seconds and ratios keep at most four decimals. */
export function packSamples(samples: readonly StoredSample[]): PackedBatch {
  const identities: string[] = [];
  const packed = samples.map(({ tracks, ...rest }): PackedSample => [
    tracks.map((track) => pack(TRACK_FIELDS, track, identities)),
    ...pack(SAMPLE_FIELDS, rest as StoredSample, identities),
  ]);
  return [identities, ...packed];
}

export function unpackSamples([identities, ...samples]: PackedBatch): StoredSample[] {
  return samples.map(([tracks, ...rest]) => ({
    ...unpack(SAMPLE_FIELDS, rest, identities),
    tracks: tracks.map((cells) => unpack(TRACK_FIELDS, cells, identities)),
  }));
}
