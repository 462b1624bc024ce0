import type { Ctx } from '../../kernel/context/index.ts';
import { type Content, type ContentHeaders, openBytes, type OpenedContent } from '../downloads/index.ts';
import { fileErrors, getFile, previewKey, requireServable } from '../files/index.ts';

/**
 * Opens an image of the preview of a file that the caller may download.
 * @throws AppError what `getFile` throws; `files.no_preview`, `files.infected`, `files.scan_pending` or `files.not_scannable`
 */
export async function openPreview(
  ctx: Ctx,
  { fileId, name }: { fileId: string; name: string },
  headers: ContentHeaders,
  method: string,
): Promise<OpenedContent> {
  const file = await getFile(ctx, fileId);
  requireServable(ctx.actor, file);
  const image = file.preview?.images.find((each) => each.name === name);
  if (!image) throw fileErrors.noPreview({ detail: `previewStatus is ${file.previewStatus}` });
  const content: Content = {
    organizationId: file.organizationId,
    key: previewKey(file, image.name),
    etag: `"${file.id}.${name}"`,
    name,
    contentType: image.contentType,
    sizeBytes: image.sizeBytes,
    modifiedAt: file.createdAt,
    mayShow: true,
  };
  return openBytes(ctx, content, headers, method);
}
