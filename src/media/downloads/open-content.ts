import type { Ctx } from '../../kernel/context/index.ts';
import { countDownload } from '../storage/index.ts';
import { fileErrors, getFile, requireServable } from '../files/index.ts';
import { type Content, contentOf, decideContent, type OpenedContent } from './content.rules.ts';
import type { ContentHeaders } from './downloads.schemas.ts';

/**
 * Opens bytes that may be served.
 * @param method `HEAD` opens nothing
 * @throws AppError `files.not_found` when they are gone
 */
export async function openBytes(
  ctx: Ctx,
  content: Content,
  headers: ContentHeaders,
  method: string,
): Promise<OpenedContent> {
  const decision = decideContent(content, {
    range: headers.range,
    ifRange: headers['if-range'],
    ifNoneMatch: headers['if-none-match'],
    ifModifiedSince: headers['if-modified-since'],
  });
  const isSent = decision.kind === 'whole' || decision.kind === 'part';
  if (!isSent || method === 'HEAD' || content.sizeBytes === 0) return { content, decision, body: null };
  const object = await ctx.ports.objects.get(
    content.key,
    decision.kind === 'part' ? decision.range : undefined,
  );
  if (!object) throw fileErrors.notFound();
  const length = decision.kind === 'part' ? decision.range.length : content.sizeBytes;
  return { content, decision, body: countDownload(ctx, content.organizationId, object.body, length) };
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
  return openBytes(ctx, contentOf(file), headers, method);
}
