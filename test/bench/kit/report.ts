import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Comparison } from './compare.ts';
import type { Landing } from './history.ts';

/** One line of the benchmark's table. */
export interface BenchRow {
  what: string;
  measured: string;
  target: string;
  holds: boolean;
  /** The raw figures, for the JSON. */
  figures: Record<string, number | number[]>;
  /** The figure that the history keeps, under a name that stays. */
  recorded?: { name: string; value: number };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export const formatSpread = ({ median: middle, low, high }: Comparison['cpu']): string =>
  `${middle.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;

const formatUs = (us: number) => (us < 10 ? us.toFixed(2) : us.toFixed(0));

/** The ratios by CPU and by wall time, what an operation of each side costs, and the load generator's share. */
export const describeComparison = ({ cpu, wall, first, second, generatorShare }: Comparison): string =>
  `${formatSpread(cpu)} by CPU time, ${formatSpread(wall)} by wall time; ` +
  `${formatUs(first.cpuUs)} / ${formatUs(second.cpuUs)} µs of CPU each; ` +
  `load generator ${Math.round(generatorShare * 100)} % of a core`;

/** The raw figures of a comparison, for the JSON. */
export const figuresOf = ({ cpu, wall, first, second, generatorShare, pairs }: Comparison) => ({
  cpuRatio: cpu.median,
  wallRatio: wall.median,
  pairs,
  firstCpuUs: first.cpuUs,
  secondCpuUs: second.cpuUs,
  firstPerSecond: first.perSecond,
  secondPerSecond: second.perSecond,
  generatorShare,
});

/** A row for the CPU time ratio of two servers, which the history keeps. */
export const createRatioRow = (
  name: string,
  what: string,
  comparison: Comparison,
  target: number,
): BenchRow => ({
  what,
  measured: describeComparison(comparison),
  target: `≥ ${target.toFixed(2)}`,
  holds: comparison.cpu.median >= target,
  figures: figuresOf(comparison),
  recorded: { name, value: comparison.cpu.median },
});

/** The value of the newest landing that measured it. */
function formatRecorded({ recorded }: BenchRow, history: readonly Landing[]): string {
  const last = recorded && history.findLast(({ figures }) => recorded.name in figures);
  return last ? `${last.figures[recorded.name]!.toFixed(2)} (${last.commit})` : '';
}

/** Prints the table, with the figures that were recorded last beside those of this run, and writes all as JSON. */
export function printReport(rows: readonly BenchRow[], history: readonly Landing[], file: string): void {
  const cells = [
    ['what', 'measured', 'target', 'holds', 'last recorded'],
    ...rows.map((row) => [
      row.what,
      row.measured,
      row.target,
      row.holds ? 'yes' : 'NO',
      formatRecorded(row, history),
    ]),
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = (row: string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  console.log(line(cells[0]!));
  console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  for (const row of cells.slice(1)) console.log(line(row));
  writeFileSync(
    file,
    `${JSON.stringify({ machine: { cpus: cpus().length, model: cpus()[0]?.model, node: process.version }, rows }, null, 2)}\n`,
  );
  console.log(`\nfigures: ${file}`);
}
