import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** One line of the benchmark's table. Ratios compare two things measured in the same run. */
export interface BenchRow {
  what: string;
  measured: string;
  target: string;
  holds: boolean;
  /** The raw figures, for the JSON. */
  figures: Record<string, number | number[]>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Runs two measurements turn by turn, so that a drift of the machine touches both; the ratio is of the medians. */
export async function runAlternating(
  rounds: number,
  a: () => Promise<number>,
  b: () => Promise<number>,
): Promise<{ a: number[]; b: number[]; ratio: number }> {
  const results = { a: [] as number[], b: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    results.a.push(await a());
    results.b.push(await b());
  }
  return { ...results, ratio: median(results.a) / median(results.b) };
}

export function printReport(rows: readonly BenchRow[], file: string): void {
  const cells = [
    ['what', 'measured', 'target', 'holds'],
    ...rows.map((row) => [row.what, row.measured, row.target, row.holds ? 'yes' : 'NO']),
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
