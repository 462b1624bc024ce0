import {
  CANDIDATE_TYPES,
  LIMITATIONS,
  MEDIA_KINDS,
  MEDIA_SOURCES,
  PROTOCOLS,
  type Sample,
  type TrackSample,
} from '../verdicts/index.ts';

/** A sample by the server's clock, as it is asked for again. */
export interface KeptSample extends Omit<Sample, 'measuredAt'> {
  /** When its window ended, milliseconds since the epoch. */
  endMs: number;
}

type Cell = number | string | null | Cell[];
/** Values by place, see `FIELDS` and `TRACK_FIELDS`; what nobody told is null, and cut off at the end. */
export type PackedSample = Cell[];

/** How one field becomes a cell and comes back. */
interface Field<T> {
  name: keyof T & string;
  words?: readonly string[];
  /** Digits after the point that are worth keeping. */
  digits?: number;
  flag?: true;
}

const WITHOUT_TRACKS: readonly Field<KeptSample>[] = [
  { name: 'endMs' },
  { name: 'windowSeconds', digits: 2 },
  { name: 'roundTripSeconds', digits: 4 },
  { name: 'availableOutgoingBps', digits: 0 },
  { name: 'protocol', words: PROTOCOLS },
  { name: 'candidateType', words: CANDIDATE_TYPES },
  { name: 'sentBytes' },
  { name: 'receivedBytes' },
];

/** Stored by their place: new ones go to the end. */
const TRACK_FIELDS: readonly Field<TrackSample>[] = [
  { name: 'direction', words: ['send', 'receive'] },
  { name: 'kind', words: MEDIA_KINDS },
  { name: 'source', words: MEDIA_SOURCES },
  { name: 'publisherIdentity' },
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
  { name: 'limitation', words: LIMITATIONS },
];

function pack<T extends object>(fields: readonly Field<T>[], value: T): Cell[] {
  const cells = fields.map(({ name, words, digits, flag }): Cell => {
    const field = value[name] as number | string | boolean | undefined;
    if (field === undefined) return null;
    if (words) return words.indexOf(String(field));
    if (flag) return field ? 1 : 0;
    return typeof field === 'number' && digits !== undefined
      ? Number(field.toFixed(digits))
      : (field as Cell);
  });
  while (cells.at(-1) === null) cells.pop();
  return cells;
}

function unpack<T extends object>(fields: readonly Field<T>[], cells: readonly Cell[]): T {
  const told = fields.flatMap(({ name, words, flag }, place) => {
    const cell = cells[place] ?? null;
    if (cell === null) return [];
    return [[name, words ? words[Number(cell)] : flag ? cell === 1 : cell] as const];
  });
  return Object.fromEntries(told) as T;
}

/** The sample in about a quarter of its text; times to tenths of milliseconds, ratios to ten-thousandths. */
export function packSample({ tracks, ...rest }: KeptSample): PackedSample {
  return [tracks.map((track) => pack(TRACK_FIELDS, track)), ...pack(WITHOUT_TRACKS, rest as KeptSample)];
}

export function unpackSample([tracks, ...rest]: PackedSample): KeptSample {
  return {
    ...unpack(WITHOUT_TRACKS, rest),
    tracks: (tracks as Cell[][]).map((cells) => unpack(TRACK_FIELDS, cells)),
  };
}
