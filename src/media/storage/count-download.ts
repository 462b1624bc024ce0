import type { Ctx } from '../../kernel/context/index.ts';
import { addDownloadedBytes } from './sample.queries.ts';

/**
 * Counts bytes that are sent, after the response: in one row of their organization, however many requests there are. What fails
 * here is logged and not counted, and stops no download.
 */
export function countDownload(ctx: Ctx, organizationId: string, bytes: number): void {
  ctx.after('storage.count_download', () =>
    ctx.commit({
      // The file's own organization: with an address that is public or signed the caller has none.
      scope: { role: 'app', organizationId, userId: null },
      skipIdempotencyRecord: true,
      write: (q) => [addDownloadedBytes(q, organizationId, bytes)],
      result: undefined,
    }),
  );
}
