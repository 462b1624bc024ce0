import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, readCursor, requirePermission } from '../../kernel/core/index.ts';
import { type FileRow, managedBy, selectOpenUploads } from '../files/index.ts';
import type { ListUploads } from './uploads.schemas.ts';

/**
 * The uploads under way of the caller, with `files:manage` of everybody, the newest first: also those in one request.
 * @throws AppError `auth.forbidden`
 */
export async function listUploads(ctx: Ctx, { limit, cursor }: ListUploads): Promise<Page<FileRow>> {
  requirePermission(ctx.actor, 'files:write');
  const { actor, organizationId } = ctx;
  const reader = { organizationId, uploadedBy: managedBy(actor), now: new Date(ctx.clock.now()) };
  const page = { before: readCursor(cursor), limit };
  const [rows] = await ctx.read((q) => [selectOpenUploads(q, reader, page)]);
  return pageOf(rows, limit, ({ id }) => id);
}
