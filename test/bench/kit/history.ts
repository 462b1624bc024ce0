import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { BenchRow } from './report.ts';

/** One line of JSON for each landing that was measured. */
const HISTORY_FILE = 'test/bench/history.jsonl';

/** What was measured at a commit. */
export interface Landing {
  /** Of the measured code; with `+` when the tree had changes on top of it. */
  commit: string;
  /** UTC, `2026-11-28`. */
  date: string;
  machine: string;
  figures: Record<string, number>;
}

const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();

/** The commit of the working tree, to be read before anything is measured. */
export const readCommit = (): string =>
  git('rev-parse', '--short=8', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+');

const toLanding = (line: string) => JSON.parse(line) as Landing;

/** All lines, the oldest first. */
export function readHistory(): Landing[] {
  if (!existsSync(HISTORY_FILE)) return [];
  return readFileSync(HISTORY_FILE, 'utf8').trim().split('\n').map(toLanding);
}

/** Appends a line with the figures of these rows. */
export function recordLanding(rows: readonly BenchRow[], commit: string): void {
  const figures = rows.flatMap(({ recorded }) =>
    recorded ? [[recorded.name, Number(recorded.value.toPrecision(3))] as const] : [],
  );
  const landing: Landing = {
    commit,
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    figures: Object.fromEntries(figures),
  };
  appendFileSync(HISTORY_FILE, `${JSON.stringify(landing)}\n`);
  console.log(`recorded: ${HISTORY_FILE}`);
}
