import type { Ctx } from '../../kernel/context/index.ts';
import { fileErrors, fileKey, type FileRow, getFile, requireServable } from '../files/index.ts';
import { contentTag, decideContent, type OpenedContent } from './content.rules.ts';
import type { ContentHeaders } from './downloads.schemas.ts';

/**
 * Opens the bytes of a file that may be served.
 * @param method `HEAD` opens nothing
 * @throws AppError `files.not_found` when its bytes are gone
 */
export async function openBytes(
  ctx: Ctx,
  file: FileRow,
  headers: ContentHeaders,
  method: string,
): Promise<OpenedContent> {
  const version = { etag: contentTag(file), sizeBytes: file.sizeBytes, modifiedAt: file.createdAt };
  const decision = decideContent(version, {
    range: headers.range,
    ifRange: headers['if-range'],
    ifNoneMatch: headers['if-none-match'],
    ifModifiedSince: headers['if-modified-since'],
  });
  const isSent = decision.kind === 'whole' || decision.kind === 'part';
  if (!isSent || method === 'HEAD' || file.sizeBytes === 0) return { file, decision, body: null };
  const object = await ctx.ports.objects.get(
    fileKey(file),
    decision.kind === 'part' ? decision.range : undefined,
  );
  if (!object) throw fileErrors.notFound();
  return { file, decision, body: object.body };
}

/**
 * Opens the bytes of a file that the caller may read.
 * @throws AppError what `getFile` throws; `files.infected`, `files.scan_pending` or `files.not_scannable`
 */
export async function openContent(
  ctx: Ctx,
  fileId: string,
  headers: ContentHeaders,
  method: string,
): Promise<OpenedContent> {
  const file = await getFile(ctx, fileId);
  requireServable(ctx.actor, file);
  return openBytes(ctx, file, headers, method);
}
