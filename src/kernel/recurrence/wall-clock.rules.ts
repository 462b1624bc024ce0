const DAY_MS = 86_400_000;
/** More than there are time zones; names can be written in several cases. */
const MAX_KEPT_ZONES = 1_000;

/** Converts between instants and a time zone's wall clock, whose time is expressed as if it were UTC. */
export interface WallClock {
  toWallClock: (ms: number) => number;
  /**
   * The instant at which the wall clock shows the time. Where clocks are put back it is the first of the two; where they
   * are put forward over it, it lies as many minutes after the change as the time lies after the start of the gap.
   */
  toInstant: (wallMs: number) => number;
}

function makeWallClock(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const toWallClock = (ms: number): number => {
    const parts = Object.fromEntries(
      format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]),
    );
    const { year, month, day, hour, minute, second } = parts as Record<string, number>;
    return Date.UTC(year!, month! - 1, day, hour, minute, second);
  };
  const toInstant = (wallMs: number): number => {
    const before = wallMs - (toWallClock(wallMs - DAY_MS) - (wallMs - DAY_MS));
    if (toWallClock(before) === wallMs) return before;
    const after = wallMs - (toWallClock(wallMs + DAY_MS) - (wallMs + DAY_MS));
    return toWallClock(after) === wallMs ? after : before;
  };
  return { toWallClock, toInstant };
}

const keptClocks = new Map<string, WallClock>();

/** The wall clock of a time zone. It is kept: to make one takes far longer than to use it. */
export function wallClockOf(timeZone: string): WallClock {
  const kept = keptClocks.get(timeZone);
  if (kept) return kept;
  if (keptClocks.size >= MAX_KEPT_ZONES) keptClocks.clear();
  const made = makeWallClock(timeZone);
  keptClocks.set(timeZone, made);
  return made;
}
