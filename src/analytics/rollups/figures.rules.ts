/**
 * The sums of a group of participations, in the order in which a rollup stores them: their number, their connected
 * milliseconds, the number of impaired ones, and for each measure its sum and its number.
 */
const FIGURES = [
  'participations',
  'connectedMs',
  'impaired',
  'mosSum',
  'mosCount',
  'roundTripSum',
  'roundTripCount',
  'jitterSum',
  'jitterCount',
  'lossSum',
  'lossCount',
  'bitrateSum',
  'bitrateCount',
] as const;

/** Numbers in the order of `FIGURES`. */
export type GroupFigures = readonly number[];
/** Calls, and their duration in milliseconds. */
export type PackedGroup = readonly [calls: number, durationMs: number];

type FigureName = (typeof FIGURES)[number];
/** One figure of a group. */
export const figureOf = (figures: GroupFigures, name: FigureName): number =>
  figures[FIGURES.indexOf(name)] ?? 0;

/** The mean of a measure of a group; null when it was not measured. */
export function meanOf(
  figures: GroupFigures,
  measure: 'mos' | 'roundTrip' | 'jitter' | 'loss' | 'bitrate',
): number | null {
  const count = figureOf(figures, `${measure}Count`);
  return count === 0 ? null : figureOf(figures, `${measure}Sum`) / count;
}

/** Adds groups of the same kind, by name. */
export function addGroups<T extends readonly number[]>(
  groups: readonly Readonly<Record<string, T>>[],
): Map<string, number[]> {
  const sums = new Map<string, number[]>();
  for (const group of groups)
    for (const [name, numbers] of Object.entries(group)) {
      const known = sums.get(name);
      if (known) numbers.forEach((number, place) => (known[place] = (known[place] ?? 0) + number));
      else sums.set(name, [...numbers]);
    }
  return sums;
}

/** All groups of one kind together. */
export const totalOf = (groups: Iterable<readonly number[]>): number[] =>
  addGroups([...groups].map((numbers) => ({ all: numbers }))).get('all') ?? [];

/** One entry of a list of users or rooms with the longest connected time. */
export interface TopListPlace {
  connectedMs: number;
  /** The time that cut lists may hide. */
  missingMs: number;
  /** The longest time that an entry outside of the list may have. */
  othersMs: number;
}

/**
 * Whether order and times of a list must be the same as in a list over all calls. The list of a day holds 200, that of
 * a month 500.
 */
export const isExactTop = (places: readonly TopListPlace[]): boolean =>
  places.every(({ connectedMs, missingMs, othersMs }) => missingMs === 0 && connectedMs >= othersMs);
