import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, AppError, requirePermission } from '../../kernel/core/index.ts';
import { fileErrors, type FileRow, getFile, mayChange } from '../files/index.ts';
import { fileCompressionErrors } from './file-compressions.errors.ts';
import { compressionRequested } from './file-compressions.events.ts';
import { insertCompression, selectFileToCompress } from './file-compressions.queries.ts';
import { isCompressible, settingsFor } from './file-compressions.rules.ts';
import type { CompressFile } from './file-compressions.schemas.ts';
import type { FileCompression } from './file-compressions.tables.ts';
import { targetOf } from './end-compression.ts';

/** The row of a new compression about a file. */
function planCompression(ctx: Ctx, file: FileRow, input: CompressFile): FileCompression {
  const now = new Date(ctx.clock.now());
  return {
    id: ctx.ids.create('compression'),
    organizationId: file.organizationId,
    fileId: file.id,
    state: 'requested',
    reason: null,
    detail: null,
    settings: settingsFor(file, input),
    progress: 0,
    requestedBy: ctx.actor.kind === 'system' ? null : actorId(ctx.actor),
    sourceBytes: file.sizeBytes,
    sourceType: file.contentType,
    copyBytes: null,
    copyType: null,
    figures: null,
    attempts: 0,
    endedAt: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
}

const isScanned = ({ scanStatus }: FileRow) => scanStatus === 'clean' || scanStatus === 'unscanned';

function commitCompression(ctx: Ctx, row: FileCompression): Promise<FileCompression> {
  const { id: compressionId, fileId, settings, sourceBytes } = row;
  return ctx.commit({
    write: (q) => insertCompression(q, row),
    audit: {
      action: 'file.compression_requested',
      target: targetOf(row),
      after: { compressionId, settings, sourceBytes },
    },
    events: [compressionRequested.of({ compressionId, fileId })],
    result: row,
  });
}

/**
 * Asks for a smaller copy of a file's bytes, which takes their place once it is proven.
 * @throws AppError `files.not_found`, also for those who may only read it; `file_compressions.not_configured`,
 * `file_compressions.already_compressed`, `file_compressions.not_scanned`, `file_compressions.not_compressible`, `file_compressions.already_running`, `file_compressions.too_many` or
 * `auth.forbidden`
 */
export async function compressFile(ctx: Ctx, fileId: string, input: CompressFile): Promise<FileCompression> {
  requirePermission(ctx.actor, 'files:write');
  const file = await getFile(ctx, fileId);
  if (!mayChange(ctx.actor, file)) throw fileErrors.notFound();
  if (!ctx.ports.compressionTasks) throw fileCompressionErrors.notConfigured();
  if (file.objectSuffix !== null) throw fileCompressionErrors.alreadyCompressed();
  if (!isScanned(file)) throw fileCompressionErrors.notScanned();
  if (!isCompressible(file)) throw fileCompressionErrors.notCompressible();
  return commitCompression(ctx, planCompression(ctx, file, input));
}

/** Whether the file is in work already, or the organization has as much in work as it may: the setting asks for no more. */
const isBusy = (error: unknown) =>
  error instanceof AppError &&
  [fileCompressionErrors.alreadyRunning, fileCompressionErrors.tooMany].some(
    ({ definition }) => definition.code === error.code,
  );

/**
 * Compresses a file that has been scanned, where the organization has set that. What cannot be compressed, or is already, is left
 * alone.
 */
export async function compressBySetting(ctx: Ctx, { fileId }: { fileId: string }): Promise<void> {
  const [[found]] = await ctx.read((q) => [selectFileToCompress(q, ctx.organizationId, fileId)]);
  if (!found?.settings.compressFiles || !ctx.ports.compressionTasks) return;
  const { file } = found;
  if (!isScanned(file) || !isCompressible(file) || file.objectSuffix !== null) return;
  try {
    await commitCompression(ctx, planCompression(ctx, file, {}));
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
}
