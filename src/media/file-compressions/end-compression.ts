import type { CommitRequest, Ctx } from '../../kernel/context/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { compressionEnded, compressionFinished } from './file-compressions.events.ts';
import { changeCompression } from './file-compressions.queries.ts';
import type { FileCompression } from './file-compressions.tables.ts';

type Compressed = Pick<FileCompression, 'fileId' | 'recordingId'>;

/** What the audit log has of a compression. */
export const targetOf = ({ fileId, recordingId }: Compressed) =>
  recordingId === null ? { type: 'file', id: fileId! } : { type: 'recording', id: recordingId };

/** The name of an action about what is compressed. */
export const actionOf = ({ recordingId }: Compressed, what: string) =>
  `${recordingId === null ? 'file' : 'recording'}.compression_${what}`;

export type CompressionEnd = Pick<FileCompression, 'state' | 'reason'> &
  Partial<Pick<FileCompression, 'detail' | 'figures' | 'copyBytes' | 'copyType'>>;

/** What the commit that ends a compression also does to its file or recording. */
export interface SubjectChange {
  write(q: Queries): Statement[];
  events?: NonNullable<CommitRequest<unknown>['events']>;
}

const finishedEvents = ({ id: compressionId, fileId }: FileCompression, { state, reason }: CompressionEnd) =>
  fileId === null ? [] : [compressionFinished.of({ compressionId, fileId, state, reason })];

/**
 * Ends a compression.
 * @throws AppError `request.stale` when the compression, or its file or recording, changed at the same moment
 */
export function commitEnd(
  ctx: Ctx,
  compression: FileCompression,
  end: CompressionEnd,
  { write, events = [] }: SubjectChange = { write: () => [] },
): Promise<FileCompression> {
  const now = new Date(ctx.clock.now());
  const progress = end.state === 'ready' || end.state === 'kept' ? 100 : compression.progress;
  const set = { ...end, progress, endedAt: now, updatedAt: now };
  const { id: compressionId, sourceBytes } = compression;
  const { state, reason, copyBytes = null } = end;
  return ctx.commit({
    write: (q) => [changeCompression(q, compression, set), ...write(q)],
    audit: {
      action: actionOf(compression, state),
      target: targetOf(compression),
      before: { sizeBytes: sourceBytes },
      after: { compressionId, reason, ...(copyBytes === null ? {} : { sizeBytes: copyBytes }) },
    },
    events: [...finishedEvents(compression, end), compressionEnded.of({ compressionId, state }), ...events],
    result: { ...compression, ...set, version: compression.version + 1 },
  });
}
