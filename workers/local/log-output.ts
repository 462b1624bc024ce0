import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createRepetitionFilter } from './repeated-lines.ts';
import { RotatingFile } from './rotating-file.ts';

export interface LogOutputOptions {
  /** Takes every line, for the record. */
  record: (line: string) => void;
  /** Takes the lines that a person can read as they appear. */
  show: (line: string) => void;
  /** Path of the log file, for the line that counts the lines left out. */
  recordName: string;
  /** Milliseconds of a clock that never goes back. */
  now?: () => number;
}

/** Lines that are shown within a second; a person reads fewer, and a redirected output grows by less than 1 MB in a minute. */
export const SHOWN_LINES_PER_SECOND = 50;
const SECOND_MS = 1_000;

/**
 * Divides the lines of the running product: all go to the record, the first of each second are also shown. What was left
 * out is counted in one line, with the next line that is shown.
 */
export function createLogOutput({
  record,
  show,
  recordName,
  now = () => performance.now(),
}: LogOutputOptions) {
  let secondStartedAt = -Infinity;
  let shown = 0;
  let leftOut = 0;
  return (line: string): void => {
    record(line);
    if (now() - secondStartedAt >= SECOND_MS) {
      if (leftOut > 0) show(`… and ${leftOut} more lines; all are in ${recordName}`);
      secondStartedAt = now();
      shown = 0;
      leftOut = 0;
    }
    if (shown++ < SHOWN_LINES_PER_SECOND) show(line);
    else leftOut++;
  };
}

/**
 * The log of a running copy: shown in bounds, and recorded in files of its data directory that never exceed 30 MB.
 * @returns a function that takes each line
 */
export async function openLog(
  dataDir: string,
  show: (line: string) => void,
): Promise<(line: string) => void> {
  const folder = join(dataDir, 'logs');
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'auralink.log');
  const file = new RotatingFile({ path, maxBytes: 10_000_000, keptFiles: 2 });
  const isNews = createRepetitionFilter();
  const write = createLogOutput({
    record: (line) => file.writeLine(line),
    show,
    recordName: relative(process.cwd(), path),
  });
  return (line) => {
    if (isNews(line)) write(line);
  };
}
