import { type Services, systemScope } from '../../kernel/context/index.ts';
import { attempt, runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { type FileRow, recordScanAttempt, selectUnscannedFiles } from '../files/index.ts';
import { scanFile, storeVerdict, waitingStatuses } from './scan-file.ts';

const MINUTE_MS = 60_000;
/** Younger files are left to the subscriber, which tries again by itself. */
const MIN_AGE_MS = 30 * MINUTE_MS;
const MAX_FILES_PER_RUN = 50;
/** A run scans only one file beyond this size of each organization, because it may take minutes. */
const LARGE_BYTES = 100_000_000;
const LARGE_AT_A_TIME = 3;
const SCAN_LIMIT_MS = 5 * MINUTE_MS;
/** Attempts of the sweep, one each half hour, until a file counts as not scannable: two days. */
export const MAX_ATTEMPTS = 96;

/** The files that one run takes, each list one after the other: the small ones, and large ones, of each organization the first only. */
function takeForRun(files: readonly FileRow[]): FileRow[][] {
  const small = files.filter(({ sizeBytes }) => sizeBytes <= LARGE_BYTES);
  const large = new Map<string, FileRow>();
  for (const file of files)
    if (file.sizeBytes > LARGE_BYTES && !large.has(file.organizationId)) large.set(file.organizationId, file);
  const turns = Array.from({ length: LARGE_AT_A_TIME }, (_, turn) =>
    [...large.values()].filter((_file, index) => index % LARGE_AT_A_TIME === turn),
  );
  return [small, ...turns];
}

const sweepFiles = (services: Services, files: readonly FileRow[]): Promise<SweepOutcome> =>
  runSweep(services, 'scans.sweep', files, (ctx, file) =>
    attempt({
      attempts: file.scanAttempts,
      maxAttempts: MAX_ATTEMPTS,
      count: () => ctx.commit({ write: (q) => [recordScanAttempt(q, file)], result: undefined }),
      run: () => scanFile(ctx, { fileId: file.id }, SCAN_LIMIT_MS),
      giveUp: () => storeVerdict(ctx, file, 'failed', file.checksum),
    }),
  );

/**
 * Scheduled each half hour: scans files that the subscriber gave up, because the scanner was down or the scan takes
 * long. A file that crashes the process at each attempt becomes not scannable, too.
 */
export async function sweepScans(services: Services): Promise<unknown> {
  const before = new Date(services.clock.now() - MIN_AGE_MS);
  const [files] = await services.database.read(systemScope, (q) => [
    selectUnscannedFiles(q, waitingStatuses(services), before, MAX_FILES_PER_RUN),
  ]);
  return Promise.all(takeForRun(files).map((taken) => sweepFiles(services, taken)));
}
