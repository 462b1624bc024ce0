import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { fileErrors } from '../files/index.ts';
import { contentOf, type OpenedContent } from './content.rules.ts';
import { selectPublicFile } from './downloads.queries.ts';
import type { ContentHeaders } from './downloads.schemas.ts';
import { openBytes } from './open-content.ts';

/**
 * Opens the bytes of a public file for anybody. In the system's scope: the address does not say the organization.
 * @throws AppError `files.not_found`, also for a file that has not been scanned
 */
export async function openPublicContent(
  ctx: Ctx,
  fileId: string,
  headers: ContentHeaders,
  method: string,
): Promise<OpenedContent> {
  const now = new Date(ctx.clock.now());
  const [[found]] = await ctx.read((q) => [selectPublicFile(q, fileId, now)], systemScope);
  if (!found) throw fileErrors.notFound();
  return openBytes(ctx, contentOf(found.file), headers, method);
}
