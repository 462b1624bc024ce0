import { type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { recordScanAttempt, selectUnscannedFiles } from '../files/index.ts';
import { scanFile, storeVerdict, waitingStatuses } from './scan-file.ts';

const MINUTE_MS = 60_000;
/** Younger files are left to the subscriber, which tries again by itself. */
const MIN_AGE_MS = 30 * MINUTE_MS;
const MAX_FILES_PER_RUN = 50;
/** Attempts of the sweep, one each half hour, until a file counts as one that cannot be scanned: two days. */
export const MAX_ATTEMPTS = 96;

/** Scheduled each half hour: scans what the subscriber has given up, because the scanner was down for long. */
export async function sweepScans(services: Services): Promise<unknown> {
  const before = new Date(services.clock.now() - MIN_AGE_MS);
  const [files] = await services.database.read(systemScope, (q) => [
    selectUnscannedFiles(q, waitingStatuses(services), before, MAX_FILES_PER_RUN),
  ]);
  return runSweep(services, 'scans.sweep', files, async (ctx, file) => {
    try {
      await scanFile(ctx, { fileId: file.id });
    } catch (error) {
      if (file.scanAttempts + 1 >= MAX_ATTEMPTS) await storeVerdict(ctx, file, 'failed', file.checksum);
      else await ctx.commit({ write: (q) => [recordScanAttempt(q, file)], result: undefined });
      throw error;
    }
  });
}
