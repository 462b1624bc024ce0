import type { Ctx } from '../../kernel/context/index.ts';
import type { Statement, Queries } from '../../kernel/db/index.ts';
import { compressionFinished } from './file-compressions.events.ts';
import { changeCompression } from './file-compressions.queries.ts';
import type { FileCompression } from './file-compressions.tables.ts';

/** What the audit log has of a compression. */
export const targetOf = ({ fileId }: Pick<FileCompression, 'fileId'>) => ({ type: 'file', id: fileId });

type CompressionEnd = Pick<FileCompression, 'state' | 'reason'> &
  Partial<Pick<FileCompression, 'detail' | 'figures' | 'copyBytes' | 'copyType'>>;

/**
 * Ends a compression.
 * @param withFile what the same commit changes of the file
 * @throws AppError `request.stale` when the compression or the file changed at the same moment
 */
export function commitEnd(
  ctx: Ctx,
  compression: FileCompression,
  end: CompressionEnd,
  withFile: (q: Queries) => Statement[] = () => [],
): Promise<FileCompression> {
  const now = new Date(ctx.clock.now());
  const progress = end.state === 'ready' || end.state === 'kept' ? 100 : compression.progress;
  const set = { ...end, progress, endedAt: now, updatedAt: now };
  const { id: compressionId, fileId, sourceBytes } = compression;
  const { state, reason, copyBytes = null } = end;
  return ctx.commit({
    write: (q) => [changeCompression(q, compression, set), ...withFile(q)],
    audit: {
      action: `file.compression_${state}`,
      target: targetOf(compression),
      before: { sizeBytes: sourceBytes },
      after: { compressionId, reason, ...(copyBytes === null ? {} : { sizeBytes: copyBytes }) },
    },
    events: [compressionFinished.of({ compressionId, fileId, state, reason })],
    result: { ...compression, ...set, version: compression.version + 1 },
  });
}
