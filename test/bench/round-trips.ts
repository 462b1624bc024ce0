import { readFile } from 'node:fs/promises';
import type { BenchRow } from './kit/report.ts';

const PINNED_FILE = 'test/contract/__snapshots__/round-trips.md';

/** Counted, not timed: the round trips that a successful call of every route made, as the contract suite pins them. */
export async function benchRoundTrips(): Promise<BenchRow[]> {
  const table = (await readFile(PINNED_FILE, 'utf8')).trim().split('\n').slice(2);
  const rows = table.map((line) => line.split('|').map((cell) => cell.trim()));
  const calls = rows.map(([, operation, method, count]) => ({
    operation: operation!,
    usual: method === 'get' ? 1 : 2,
    count: Number(count),
  }));
  const exceeding = calls
    .filter(({ count, usual }) => count > usual)
    .map(({ operation, count }) => `${operation} ${count}`);
  const within = calls.length - exceeding.length;
  return [
    {
      what: 'database round trips of a successful call: read 1, write 2',
      measured: `${within} of ${calls.length} routes${exceeding.length > 0 ? `; ${exceeding.join(', ')}` : ''}`,
      target: 'all but a listed few',
      holds: exceeding.length <= 3,
      figures: { routes: calls.length, within },
    },
  ];
}
