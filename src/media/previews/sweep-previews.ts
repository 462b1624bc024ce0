import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { attempt, runSweep } from '../../kernel/delivery/index.ts';
import { ServiceBusy, ServiceExhausted } from '../compression/index.ts';
import { type FileRow, recordPreviewAttempt, selectFilesWithoutPreview } from '../files/index.ts';
import { previewFile, recordNoPreview } from './make-preview.ts';

/** Younger files are left to the subscriber, which tries again by itself. */
const MIN_AGE_MS = 30 * 60_000;
/** Each may take as long as the service gives to one. */
const MAX_FILES_PER_RUN = 10;
/** Attempts of the sweep, one each half hour, until a preview counts as impossible: two days. */
export const MAX_ATTEMPTS = 96;
/** Attempts after which a content that the service began, but had no time or memory for, counts as too large. */
const MAX_EXHAUSTED = 3;

/** @throws what `previewFile` throws, except when the content has taken too much often enough */
async function previewOnce(ctx: Ctx, file: FileRow): Promise<void> {
  try {
    await previewFile(ctx, file);
  } catch (error) {
    const isItsOwn = error instanceof ServiceExhausted && !(error instanceof ServiceBusy);
    if (!isItsOwn || file.previewAttempts + 1 < MAX_EXHAUSTED) throw error;
    ctx.log.info('previews.too_costly', { fileId: file.id });
    await recordNoPreview(ctx, file, 'failed');
  }
}

/** Scheduled each half hour: makes the previews that the subscriber has given up, because the service was away for long. */
export async function sweepPreviews(services: Services): Promise<unknown> {
  if (!services.ports.compression) return { waiting: 'no compression service is configured' };
  const before = new Date(services.clock.now() - MIN_AGE_MS);
  const [files] = await services.database.read(systemScope, (q) => [
    selectFilesWithoutPreview(q, before, MAX_FILES_PER_RUN),
  ]);
  return runSweep(services, 'previews.sweep', files, (ctx, file) =>
    attempt({
      attempts: file.previewAttempts,
      maxAttempts: MAX_ATTEMPTS,
      count: () => ctx.commit({ write: (q) => [recordPreviewAttempt(q, file)], result: undefined }),
      run: () => previewOnce(ctx, file),
      giveUp: () => recordNoPreview(ctx, file, 'failed'),
    }),
  );
}
