import { readCpuMs, withCoresDivided } from './processes.ts';
import { median } from './report.ts';

/** One of two things that are compared: a server in a process of its own, and how to make it work. */
export interface Side {
  pid: number;
  /** Makes the server work for about so many milliseconds. @returns the operations done, when the last has ended */
  run(milliseconds: number): Promise<number>;
}

export interface CompareOptions {
  /** Each gives one ratio. */
  pairs?: number;
  /** Slices of each side in a pair; up to three times as many where the machine is so busy that the servers get little. */
  slices?: number;
  sliceMs?: number;
  warmUpMs?: number;
}

interface Spread {
  median: number;
  low: number;
  high: number;
}

interface SideFigures {
  /** Microseconds of the server's CPU time for one operation: the median of the pairs. */
  cpuUs: number;
  /** Operations in a second of its slices: the median of the pairs. */
  perSecond: number;
}

/** How fast the first side is, as a share of the second's speed. */
export interface Comparison {
  /** Operations for the same CPU time of the servers' processes. */
  cpu: Spread;
  /** Operations in the same time. */
  wall: Spread;
  first: SideFigures;
  second: SideFigures;
  /** CPU time of this process, which makes the load and may hold the database, as a share of one core. */
  generatorShare: number;
  /** The ratios of all pairs, by CPU time. */
  pairs: number[];
}

const spreadOf = (values: readonly number[]): Spread => ({
  median: median(values),
  low: Math.min(...values),
  high: Math.max(...values),
});

/** What one side did in a pair. */
class Tally {
  readonly #side: Side;
  #operations = 0;
  #wallMs = 0;
  readonly #cpuMsBefore: number;

  constructor(side: Side) {
    this.#side = side;
    this.#cpuMsBefore = readCpuMs(side.pid);
  }

  async runSlice(milliseconds: number): Promise<void> {
    const startedAt = performance.now();
    this.#operations += await this.#side.run(milliseconds);
    this.#wallMs += performance.now() - startedAt;
  }

  /** All CPU time since the pair began counts, also what the server does in the other's slices, as collecting garbage. */
  get cpuMs(): number {
    return readCpuMs(this.#side.pid) - this.#cpuMsBefore;
  }

  close(): SideFigures {
    const { cpuMs } = this;
    if (!(cpuMs > 0)) throw new Error('this system does not count CPU time in /proc/<pid>/task/*/schedstat');
    return { cpuUs: (cpuMs * 1000) / this.#operations, perSecond: (this.#operations * 1000) / this.#wallMs };
  }
}

/** CPU time in a pair below which chance decides the ratio. */
const ENOUGH_CPU_MS = 150;

/** A B B A A B …: neither side always follows the other. */
async function runPair(first: Side, second: Side, slices: number, sliceMs: number): Promise<SideFigures[]> {
  const tallies = [new Tally(first), new Tally(second)] as const;
  const hasEnough = () => tallies.every((tally) => tally.cpuMs >= ENOUGH_CPU_MS);
  for (let slice = 0; slice < slices || (slice < 3 * slices && !hasEnough()); slice++)
    for (const tally of slice % 2 === 0 ? tallies : tallies.toReversed()) await tally.runSlice(sliceMs);
  return tallies.map((tally) => tally.close());
}

const medianFigures = (figures: readonly SideFigures[]): SideFigures => ({
  cpuUs: median(figures.map(({ cpuUs }) => cpuUs)),
  perSecond: median(figures.map(({ perSecond }) => perSecond)),
});

/**
 * Compares two servers that run side by side and take turns of a fraction of a second, so that whatever else the machine
 * does touches both. Each pair of turns gives one ratio; their median counts, and their spread says how far to trust it.
 */
export async function compareSides(
  first: Side,
  second: Side,
  { pairs = 7, slices = 6, sliceMs = 80, warmUpMs = 2_000 }: CompareOptions = {},
): Promise<Comparison> {
  if (first.pid === second.pid) throw new Error('sides that share a process cannot be distinguished');
  return withCoresDivided([first.pid, second.pid], async () => {
    for (const side of [first, second]) await side.run(warmUpMs);
    const ofFirst: SideFigures[] = [];
    const ofSecond: SideFigures[] = [];
    const startedAt = performance.now();
    const usageBefore = process.cpuUsage();
    for (let pair = 0; pair < pairs; pair++) {
      const [a, b] = await runPair(first, second, slices, sliceMs);
      ofFirst.push(a!);
      ofSecond.push(b!);
    }
    const { user, system } = process.cpuUsage(usageBefore);
    const byCpu = ofFirst.map(({ cpuUs }, i) => ofSecond[i]!.cpuUs / cpuUs);
    return {
      cpu: spreadOf(byCpu),
      wall: spreadOf(ofFirst.map(({ perSecond }, i) => perSecond / ofSecond[i]!.perSecond)),
      first: medianFigures(ofFirst),
      second: medianFigures(ofSecond),
      generatorShare: (user + system) / 1000 / (performance.now() - startedAt),
      pairs: byCpu,
    };
  });
}
