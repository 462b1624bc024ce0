import { type Services, systemScope } from '../../kernel/context/index.ts';
import { attempt, runSweep } from '../../kernel/delivery/index.ts';
import { type FileRow, recordScanAttempt, selectUnscannedFiles } from '../files/index.ts';
import { scanFile, storeVerdict, waitingStatuses } from './scan-file.ts';

const MINUTE_MS = 60_000;
/** Younger files are left to the subscriber, which tries again by itself. */
const MIN_AGE_MS = 30 * MINUTE_MS;
const MAX_FILES_PER_RUN = 50;
/** Of files beyond this size a run scans one: each may take as long as a run has. */
const LARGE_BYTES = 100_000_000;
/** Attempts of the sweep, one each half hour, until a file counts as one that cannot be scanned: two days. */
export const MAX_ATTEMPTS = 96;

/** The files that one run takes: of the large ones the first only. */
function takeForRun(files: readonly FileRow[]): FileRow[] {
  const firstLarge = files.find(({ sizeBytes }) => sizeBytes > LARGE_BYTES);
  return files.filter((file) => file.sizeBytes <= LARGE_BYTES || file === firstLarge);
}

/**
 * Scheduled each half hour: scans what the subscriber has given up, because the scanner was down for long. A file that ends
 * the process with each attempt becomes one that cannot be scanned, too.
 */
export async function sweepScans(services: Services): Promise<unknown> {
  const before = new Date(services.clock.now() - MIN_AGE_MS);
  const [files] = await services.database.read(systemScope, (q) => [
    selectUnscannedFiles(q, waitingStatuses(services), before, MAX_FILES_PER_RUN),
  ]);
  return runSweep(services, 'scans.sweep', takeForRun(files), (ctx, file) =>
    attempt({
      attempts: file.scanAttempts,
      maxAttempts: MAX_ATTEMPTS,
      count: () => ctx.commit({ write: (q) => [recordScanAttempt(q, file)], result: undefined }),
      run: () => scanFile(ctx, { fileId: file.id }),
      giveUp: () => storeVerdict(ctx, file, 'failed', file.checksum),
    }),
  );
}
