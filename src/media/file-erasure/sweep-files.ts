import { type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { mustChange } from '../../kernel/db/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { deleteOver, keysOf, restorableSince, selectFilesThatAreOver } from '../files/index.ts';

const MAX_FILES_PER_RUN = 500;

/**
 * Scheduled every five minutes: deletes uploads that were given up, files past their expiry, and deleted files that can no longer be
 * restored. The row goes first: bytes that a failure leaves are collected by `collectOrphans`.
 */
export async function sweepFiles(services: Services): Promise<unknown> {
  const now = new Date(services.clock.now());
  const deletedBefore = restorableSince(now.getTime());
  const [due] = await services.database.read(systemScope, (q) => [
    selectFilesThatAreOver(q, now, deletedBefore, MAX_FILES_PER_RUN),
  ]);
  return runSweep(services, 'files.sweep', due, async (ctx, file) => {
    await ctx.commit({
      write: (q) => [mustChange(q, deleteOver(q, file, now, deletedBefore), requestErrors.stale)],
      audit:
        file.status === 'uploading'
          ? []
          : { action: 'file.erased', target: { type: 'file', id: file.id }, before: { name: file.name } },
      result: undefined,
    });
    await ctx.ports.objects.delete(keysOf(file));
  });
}
