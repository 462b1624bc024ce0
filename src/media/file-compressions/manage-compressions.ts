import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, type PageQuery, readCursor, requirePermission } from '../../kernel/core/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { fileErrors, fileViewerOf, mayChange, selectFile } from '../files/index.ts';
import { fileCompressionErrors } from './file-compressions.errors.ts';
import { selectCompression, selectCompressions } from './file-compressions.queries.ts';
import { isOver } from './file-compressions.rules.ts';
import type { FileCompression } from './file-compressions.tables.ts';
import { commitEnd } from './end-compression.ts';

type CompressionSelect = ReturnType<typeof selectCompression> | ReturnType<typeof selectCompressions>;

/** Reads compressions of a file that the caller may change, in one round trip. @throws AppError `files.not_found`, `auth.forbidden` */
async function readCompressions(
  ctx: Ctx,
  fileId: string,
  select: (q: Queries, organizationId: string) => CompressionSelect,
): Promise<FileCompression[]> {
  const { actor, organizationId } = ctx;
  const reader = { organizationId, viewer: fileViewerOf(actor), now: new Date(ctx.clock.now()) };
  const [[file], compressions] = await ctx.read((q) => [
    selectFile(q, reader, fileId),
    select(q, organizationId),
  ]);
  if (!file || !mayChange(actor, file)) throw fileErrors.notFound();
  return compressions;
}

/** The compressions of a file, newest first. @throws AppError `files.not_found` or `auth.forbidden` */
export async function listCompressions(
  ctx: Ctx,
  fileId: string,
  { limit, cursor }: PageQuery,
): Promise<Page<FileCompression>> {
  requirePermission(ctx.actor, 'files:read');
  const before = readCursor(cursor);
  const rows = await readCompressions(ctx, fileId, (q, organizationId) =>
    selectCompressions(q, { organizationId, fileId }, { before, limit }),
  );
  return pageOf(rows, limit, ({ id }) => id);
}

/** @throws AppError `files.not_found`, `file_compressions.not_found` or `auth.forbidden` */
export async function getCompression(
  ctx: Ctx,
  fileId: string,
  compressionId: string,
): Promise<FileCompression> {
  requirePermission(ctx.actor, 'files:read');
  const [compression] = await readCompressions(ctx, fileId, (q, organizationId) =>
    selectCompression(q, { organizationId, fileId }, compressionId),
  );
  if (!compression) throw fileCompressionErrors.notFound();
  return compression;
}

/**
 * Cancels a compression: the bytes of the file stay. A compression that is over does not change.
 * @throws AppError as `getCompression`; `request.stale` when it changed at the same moment
 */
export async function cancelCompression(
  ctx: Ctx,
  fileId: string,
  compressionId: string,
): Promise<FileCompression> {
  requirePermission(ctx.actor, 'files:write');
  const compression = await getCompression(ctx, fileId, compressionId);
  return isOver(compression)
    ? compression
    : commitEnd(ctx, compression, { state: 'cancelled', reason: 'requested' });
}
