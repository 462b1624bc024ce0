import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { readCopyConfig } from '../compression-config/index.ts';
import { fileErrors, type FileRow, getFile, mayChange } from '../files/index.ts';
import { fileCompressionErrors } from './file-compressions.errors.ts';
import { compressionRequested } from './file-compressions.events.ts';
import { insertCompression, selectFileToCompress } from './file-compressions.queries.ts';
import { isBusy, isCompressible } from './file-compressions.rules.ts';
import type { CompressFile } from './file-compressions.schemas.ts';
import type { FileCompression } from './file-compressions.tables.ts';
import { actionOf, targetOf } from './end-compression.ts';
import { planCompression } from './plan-compression.ts';

const sourceOf = (file: FileRow) => ({ ...file, fileId: file.id, recordingId: null });

/** Files belong to no room: the config of the user who uploaded it, or of the organization. */
const configOf = (ctx: Ctx, { uploadedBy }: FileRow) =>
  readCopyConfig(ctx, { roomId: null, userId: uploadedBy });

const isScanned = ({ scanStatus }: FileRow) => scanStatus === 'clean' || scanStatus === 'unscanned';

function commitCompression(ctx: Ctx, row: FileCompression): Promise<FileCompression> {
  const { id: compressionId, fileId, settings, sourceBytes } = row;
  return ctx.commit({
    write: (q) => insertCompression(q, row),
    audit: {
      action: actionOf(row, 'requested'),
      target: targetOf(row),
      after: { compressionId, settings, sourceBytes },
    },
    events: [compressionRequested.of({ compressionId, fileId: fileId! })],
    result: row,
  });
}

/**
 * Requests a smaller copy of a file's bytes, which replaces them once it is verified.
 * @throws AppError `files.not_found`, also for those who may only read it; `file_compressions.not_configured`,
 * `file_compressions.already_compressed`, `file_compressions.not_scanned`, `file_compressions.not_compressible`,
 * `file_compressions.already_running`, `file_compressions.too_many` or `auth.forbidden`
 */
export async function compressFile(ctx: Ctx, fileId: string, input: CompressFile): Promise<FileCompression> {
  requirePermission(ctx.actor, 'files:write');
  const file = await getFile(ctx, fileId);
  if (!mayChange(ctx.actor, file)) throw fileErrors.notFound();
  if (!ctx.ports.compressionTasks) throw fileCompressionErrors.notConfigured();
  if (file.objectSuffix !== null) throw fileCompressionErrors.alreadyCompressed();
  if (!isScanned(file)) throw fileCompressionErrors.notScanned();
  if (!isCompressible(file)) throw fileCompressionErrors.notCompressible();
  return commitCompression(ctx, planCompression(ctx, sourceOf(file), input, await configOf(ctx, file)));
}

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
    await commitCompression(ctx, planCompression(ctx, sourceOf(file), {}, await configOf(ctx, file)));
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
}
